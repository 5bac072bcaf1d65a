// The forms of records work without scripts; here they get the map, the search for patients and movable phases.

import { findPatients } from "./patients.js";
import { movablePhases } from "./phases.js";
import { placeMap } from "./place.js";

for (const root of document.querySelectorAll("[data-place-map]")) placeMap(root);
for (const input of document.querySelectorAll("[data-find]")) findPatients(input);
for (const list of document.querySelectorAll(".phase-rows")) movablePhases(list);

// A page that comes back with complaints begins at the first of them.
document.querySelector('[aria-invalid="true"]')?.focus();
