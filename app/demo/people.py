"""Invented people: names, telephone numbers, and the notes that come with a home."""

from __future__ import annotations

from random import Random

FIRST_NAMES = (
    "Abena Adaeze Alma Amara Amir Anahita Anders Anjali Anton Aroha Ayesha Beatriz Bela Bilal Bronwen "
    "Callum Camila Carmen Cedric Chidi Clara Cornelia Dalia Dario Darnell Deepa Delphine Desmond "
    "Dorothea Edith Efua Eleni Elio Emeka Esther Fatima Felix Fiona Florian Gideon Giulia Greta Hamza "
    "Hana Harriet Hiroko Ignacio Imani Ingrid Isaac Ivana Jamal Jasmin Joaquin Jolene Josiah Kalina "
    "Kavita Keisha Kenji Kofi Lamar Latoya Leila Leon Linh Lorenzo Lucinda Mabel Malik Marisol Marta "
    "Mateo Maya Mei Milan Mina Moses Nadia Naomi Ngoc Nikolai Nora Odalys Olga Omar Orla Otis Paloma "
    "Petra Philippa Quentin Rafael Ravi Renata Rosalind Rubén Ruth Samira Santiago Selma Simone Soledad "
    "Sunita Tamar Tariq Thea Theo Tobias Uma Valentina Viola Wanda Wei Yasmin Yusuf Zoë"
)

LAST_NAMES = (
    "Abara Achterberg Aguilar Alvarado Amsel Ansah Arroyo Ashworth Bajwa Balogun Banerjee Barlow "
    "Bellweather Benedek Birnbaum Bjornstad Brightwater Cabrera Calloway Castellano Chaudhry Chikwanha "
    "Corbin Dabrowski Dagher Danso Delacroix Dhillon Dimitriou Eastman Eberhart Ekwueme Escobedo "
    "Fairweather Farouk Feldman Fontenot Galloway Garza Ghebre Goldfinch Grubb Guerrero Haddad Halloran "
    "Hargrove Hashimoto Holloway Ibarra Iverson Jankowski Jimale Kaplan Kasprzak Keane Khoury Kimura "
    "Kowalczyk Lachance Lindqvist Lonergan Lucero Maalouf Macready Mahlangu Marchetti Mbeki Mendez "
    "Merriweather Nakagawa Navarro Ndiaye Nowak Obi Okafor Orosco Osei Palmgren Papadakis Pemberton "
    "Petrov Quisenberry Raghavan Redfern Rinaldi Rosenthal Sandoval Sengupta Shapiro Silverthorn "
    "Solberg Tadesse Takahashi Thistlewood Torvald Tran Underhill Valdez Vasquez Villanueva Voss "
    "Wainwright Warsame Weatherby Whitcomb Yamamoto Yilmaz Zamora Zielinski"
)

ACCESS_NOTES = (
    "Gate code 4471#, then the second building on the left.",
    "Gate code 0926*. Visitor parking is behind the mailboxes.",
    "Dog (friendly) barks at the bell: please knock.",
    "Two cats; keep the front door shut.",
    "Large dog is kept in the yard. Use the front door, not the side gate.",
    "Elevator to the fourth floor, door at the end of the hall.",
    "Elevator is slow: allow five minutes. Suite 3B.",
    "Third floor, no elevator.",
    "Key box by the garage, code 2806.",
    "Ramp at the back door. The front steps are being repaired.",
    "Hard of hearing: ring twice and call the number above.",
    "Park on the street; the drive is shared with the neighbors.",
    "Concierge at the desk lets you up. Say you are from the clinic.",
    "Baby asleep until noon: text on arrival, please do not ring.",
    "Oxygen in the house: no open flame.",
)

VISIT_NOTES = (
    "First of six.",
    "Third of six.",
    "Last of six: hand over the follow-up sheet.",
    "Blood pressure ran high last time: take it twice before the IV start.",
    "Difficult veins; bring the warm pack.",
    "Daughter is present from discharge on.",
    "Husband is home all day.",
    "Neighbor in 2A will sit with the patient after discharge.",
    "Nausea last time: antiemetic is ordered.",
    "Prefers the room dark during the infusion.",
)


def full_names(rng: Random, count: int) -> list[str]:
    """`count` different names."""
    first, last = FIRST_NAMES.split(), LAST_NAMES.split()
    pairs = rng.sample(range(len(first) * len(last)), count)
    return [f"{first[pair % len(first)]} {last[pair // len(first)]}" for pair in pairs]


def phone(number: int) -> str:
    """A telephone number of the range kept for fiction; after a hundred people they come round again."""
    return f"614-555-01{number % 100:02}"
