// Words for the codes of events and records.

import { clock, dayOf, ms, shortDay } from "../times.js";
import { _ } from "../text.js";

export const PHASES = {
  arrival: () => _("Arrival and vitals"),
  iv_start: () => _("IV start"),
  infusion: () => _("Infusion"),
  monitoring: () => _("Monitoring"),
  discharge: () => _("Discharge"),
};

/** The stay of a follow-up has one phase, under a name of its own. */
export const phaseName = (phase) => (phase.label === "Follow-up" ? _("Follow-up") : (PHASES[phase.kind]?.() ?? phase.label));

export const QUESTIONS = {
  order_valid: () => _("The order is valid today"),
  identity: () => _("Identity checked: name and date of birth"),
  fasting: () => _("Fasting as instructed"),
  adult: () => _("A responsible adult is confirmed"),
  kit: () => _("The kit is complete"),
};

export const NO_GO = {
  order: () => _("Order not valid"),
  identity: () => _("Identity not certain"),
  fasting: () => _("Not fasting"),
  vitals: () => _("Vitals outside the limits"),
  adult: () => _("No responsible adult"),
  kit: () => _("Kit not complete"),
  patient_declines: () => _("Patient declines"),
  not_home: () => _("Nobody at home"),
  other: () => _("Something else"),
};

export const STATES = {
  planned: () => "",
  arrived: () => _("Arrived"),
  no_go: () => _("Not started"),
  under_way: () => _("Under way"),
  monitoring: () => _("Monitoring"),
  over: () => _("May leave"),
  departed: () => _("Done"),
};

export const KINDS = {
  arrived: () => _("Arrived"),
  checked: () => _("Checked"),
  vitals: () => _("Vitals"),
  go: () => _("Go"),
  no_go: () => _("No-go"),
  phase_began: () => _("Phase begun"),
  note: () => _("Note"),
  discharged: () => _("Discharge checked"),
  departed: () => _("Left"),
  picked_up: () => _("Picked up"),
  used: () => _("Used"),
  wasted: () => _("Wasted"),
  returned: () => _("Returned"),
  explained: () => _("Difference explained"),
  shift_closed: () => _("Shift closed"),
};

/** Why she may not leave yet. */
export function whyNot(reason, visit) {
  const nurse = visit.hand_over?.nurse;
  return {
    infusion: _("The infusion has not ended."),
    partner: _("{nurse} has not checked in yet.", { nurse }),
    overlap: _("Both of you stay until the overlap has run."),
    monitoring: _("The monitoring has not run its time."),
  }[reason];
}

export const units = (item, count) => _("{count} × {item}", { count, item });

/** Why an entry is no part of the record. */
export const SET_ASIDE = {
  never_hers: () => _("The visit was never yours by a published plan."),
  moved: () => _("The visit had gone to somebody else before."),
  not_her_event: () => _("It corrects what another nurse recorded."),
  amends_amendment: () => _("It corrects a correction."),
};

export function followUp({ kind, at, words }) {
  if (!at) return words;
  const values = { day: shortDay(dayOf(ms(at))), time: clock(ms(at)) };
  return kind === "call" ? _("Call on {day}, {time}", values) : _("Visit on {day}, {time}", values);
}
