"""The words and tables of the Aurora 800 service manual, page by page.

Enters: nothing. Leaves: blocks of text, table rows and chart data. Must not know: where on the page they will stand.
"""

from __future__ import annotations

from .sheet import Block

TITLE = "Aurora 800 Dehumidifier: Service Manual"
MAKER = "Vindel Climate Works"
EDITION = "Document 800-SM-EN  ·  Edition 3  ·  March 2026"

ABOUT = [
    Block(
        "p",
        "This manual is written for service technicians. It describes the Aurora 800 from serial number "
        "<b>AR8-25-000001</b> onwards and replaces Edition 2 of June 2025.",
        "about",
    ),
    Block(
        "p",
        "Part numbers are those of the parts list in Table 3. A number in a grey circle is the item number in "
        "Figure 5. Wire numbers begin with W and are explained in Table 4.",
    ),
]

WARNINGS = [
    (
        "DANGER",
        "Flammable refrigerant",
        "The circuit holds 85 g of R290 (propane). Work on the circuit only in a ventilated room, at least 2 m from "
        "any flame or spark, and with a gas detector switched on.",
    ),
    (
        "DANGER",
        "Mains voltage",
        "Pull the mains plug before the covers are taken off. The run capacitor C1 keeps its charge: wait "
        "60 seconds, then discharge it through a 10 kΩ resistor.",
    ),
    (
        "CAUTION",
        "Sharp fins",
        "The fins of the evaporator and the condenser cut. Wear cut-resistant gloves when the coils are handled.",
    ),
]

SAFETY = [
    Block("h2", "1.1 Who may do this work"),
    Block(
        "p",
        "Electrical work is reserved for qualified electricians. Work on the refrigerant circuit needs a "
        "certificate for flammable refrigerants (category I).",
    ),
    Block("p", "Users may clean the air filter and empty the tank. Everything else in this manual is service work."),
    Block("h2", "1.2 Before you begin"),
    Block("1.", "Ask the user to describe the fault and note the code shown in the display."),
    Block("2.", "Switch the unit off and pull the plug."),
    Block("3.", "Empty the water tank, so that no water reaches the main board when the unit is tilted."),
    Block("4.", "Wait ten minutes if the unit has been running: the discharge pipe reaches 90 °C."),
    Block("h2", "1.3 Transport and tilting"),
    Block(
        "p",
        "Carry the unit upright. If it has been laid down or tilted by more than 30 degrees, let it stand "
        "for <b>4 hours</b> before it is switched on, so that the oil can return to the compressor.",
        "tilting",
    ),
    Block("h2", "1.4 After the work"),
    Block("li", "Check the protective earth: less than 0.1 Ω between the mains plug and the base pan."),
    Block("li", "Check the insulation: more than 2 MΩ at 500 V."),
    Block(
        "li",
        "Run the unit for 15 minutes in Boost mode and read the power input; compare it with Figure 4.",
        "power-check",
    ),
    Block("h2", "1.5 Tools"),
    Block(
        "p",
        "Screwdriver T20, socket 13 mm for the nuts M8, torque wrench 1–10 Nm, multimeter with capacitance range, "
        "power meter, insulation tester 500 V, gas detector for propane, hygrometer with a certificate not older "
        "than one year.",
        "tools",
    ),
    Block(
        "p",
        "Spare parts that touch the refrigerant come sealed: open them only when the circuit is ready, and "
        "change the filter drier at every repair of the circuit.",
    ),
]

DESCRIPTION = [
    Block("h2", "2.1 Purpose"),
    Block(
        "p",
        "The Aurora 800 dries the air of cellars, archives, workshops and laundry rooms of up to 90 m². It "
        "is a compressor dehumidifier with an electronically commutated fan and a digital room sensor.",
    ),
    Block("p", "It is not made for swimming pools, for explosive atmospheres, or for rooms below 5 °C."),
    Block("h2", "2.2 How it is built"),
    Block(
        "p",
        "Room air enters through the front grille and the washable filter, passes the evaporator, where "
        "its water condenses, is warmed again by the condenser and leaves at the rear. Figure 5 shows the "
        "parts in the order in which they come off.",
    ),
    Block(
        "p",
        "The water runs into a tank of 6.5 litres. A float with a magnet opens a reed switch when the tank is "
        "full. A condensate pump (kit 800-180) can be fitted where a drain lies up to 4 m higher.",
        "pump-kit",
    ),
    Block("h2", "2.3 Where to put it"),
    Block(
        "p",
        "Leave 200 mm free behind the unit and 500 mm in front of it. The room sensor must not stand in "
        "direct sunlight: a sensor that is 3 °C too warm reads about 10 % RH too low.",
    ),
]

TECHNICAL = [
    ("Model", "AR-800"),
    ("Water removed at 30 °C, 80 % RH", "26 litres in 24 hours"),
    ("Air flow, fan steps 1 / 2 / 3", "140 / 190 / 250 m³/h"),
    ("Sound pressure at 1 m, steps 1 / 2 / 3", "38 / 42 / 47 dB(A)"),
    ("Rated voltage", "220–240 V, 50 Hz"),
    ("Rated power input", "410 W"),
    ("Fuse F1 on the main board", "T 5 A, 250 V"),
    ("Refrigerant", "R290, 85 g"),
    ("Operating range", "5–35 °C, 30–95 % RH"),
    ("Water tank", "6.5 litres"),
    ("Dimensions (W × H × D)", "362 × 586 × 264 mm"),
    ("Mass, tank empty", "17.4 kg"),
]

PLATE = [
    Block(
        "p",
        "<b>Rating plate.</b> It is on the inside of the rear cover. The first two digits of the serial number "
        "are the year: AR8-<b>25</b>-004417 was built in 2025.",
    ),
    Block(
        "p",
        "<b>Air flow and sound</b> were measured with a clean filter; a blocked filter costs up to a third of the "
        "air flow before the FILTER light comes on.",
    ),
]

CONTROLS = [
    Block("h2", "3.1 Buttons"),
    Block(
        "p",
        "The panel has five touch buttons. <b>MODE</b> steps through Auto, Eco and Boost. <b>FAN</b> chooses "
        "step 1, 2 or 3; in Auto mode the unit chooses by itself. <b>–</b> and <b>+</b> set the humidity between "
        "35 and 75 % RH. Hold <b>TIMER</b> for a delay of up to 12 hours.",
    ),
    Block("h2", "3.2 Service menu"),
    Block(
        "p",
        "Press <b>MODE</b> and <b>TIMER</b> together for <b>8 seconds</b>. The display shows the software "
        "version, then the last five error codes; step through them with +. Leave with MODE.",
        "service-menu",
    ),
    Block("p", "The indicator lights on the panel are explained in Table 2."),
]

LIGHTS = [
    ("POWER", "#2FB457", "green, steady", "The unit is ready or running"),
    ("TANK", "#E0392B", "red, steady", "The tank is full or not in its place; the compressor has stopped"),
    ("FILTER", "#F2A516", "amber, steady", "300 hours have passed since the filter was cleaned"),
    ("DEFROST", "#2F7FE0", "blue, flashing", "The evaporator is being thawed; this takes up to 8 minutes"),
    ("SERVICE", "#E0392B", "red, flashing", "A fault is stored; the display shows its code (Table 6)"),
]

LAMP_NOTES = [
    Block(
        "p",
        "<b>Lamp test.</b> Hold <b>FAN</b> and <b>TIMER</b> while the plug is put in. All lights burn for five "
        "seconds, as in Figure 1.",
    ),
    Block(
        "p",
        "<b>Several lights.</b> TANK goes before DEFROST: the unit thaws the coil only when the tank is in its place.",
    ),
    Block(
        "p",
        "<b>Night dimming.</b> After ten minutes without a touch the display is dimmed to a quarter; SERVICE and "
        "TANK stay bright.",
    ),
]

CIRCUIT = [
    Block("h2", "4.1 Refrigerant circuit"),
    Block(
        "p",
        "The compressor M1 presses the refrigerant into the condenser, where it gives its heat to the dried "
        "air and becomes liquid. It passes the filter drier and the capillary tube, loses pressure and "
        "boils in the evaporator at about 6 °C. Figure 2 shows the way of the refrigerant and of the air.",
    ),
    Block("h2", "4.2 Defrosting"),
    Block(
        "p",
        "Below a room temperature of about 15 °C frost forms on the fins. The main board reads the defrost "
        "thermistor B3 and begins to defrost when the coil has been below <b>–1 °C for 20 minutes</b>. The "
        "compressor stops and the fan blows room air until the coil reaches +6 °C.",
        "defrost",
    ),
    Block("h2", "4.3 Humidity control"),
    Block(
        "p",
        "The sensor TX-210 sends temperature and humidity to the main board every two seconds. In Auto mode "
        "the compressor starts 3 % RH above the set value and stops at the set value.",
    ),
    Block(
        "p",
        "In Eco mode the fan stops together with the compressor and runs for one minute in every 30 to sample the air.",
    ),
    Block("h2", "4.4 Protection of the compressor"),
    Block(
        "p",
        "After each stop the compressor waits three minutes, so that the pressures can settle. The overload "
        "protector B1 opens at 115 °C; it closes again at 70 °C.",
    ),
]

CIRCUIT_AFTER = [
    Block("h2", "4.5 Pressures and temperatures"),
    Block(
        "p",
        "The pressures in Figure 2 are overpressures at 20 °C and 60 % RH. There are no service valves: fit piercing "
        "valves only for a repair of the circuit and remove them afterwards.",
    ),
    Block(
        "p",
        "In normal running the discharge pipe has 70 to 90 °C, the middle of the condenser 38 °C and the middle of the "
        "evaporator 6 °C. A difference of less than 8 K between the air before and after the evaporator points "
        "to lost refrigerant.",
    ),
]

PERFORMANCE = [
    Block(
        "p",
        "The amount of water that can be removed falls with temperature and humidity, as Figure 3 shows. A "
        "unit that removes much less than the curve promises is not always faulty: first read the room's "
        "temperature and humidity in the service menu.",
    ),
    Block(
        "p",
        "The kink near 15 °C is caused by defrosting. Below this temperature about a fifth of the running time "
        "is needed to thaw the evaporator (section 4.2).",
    ),
    Block(
        "p",
        "Figure 4 gives the power input that is normal in each mode at 20 °C and 60 % RH. A value more than "
        "10 % lower in Boost mode points to lost refrigerant, a value more than 10 % higher to a blocked "
        "condenser or a failing fan.",
    ),
]

TEMPERATURES = [5, 10, 15, 20, 25, 30, 35]
REMOVED_80 = [4.2, 7.0, 11.5, 16.8, 21.5, 26.0, 28.4]
REMOVED_60 = [2.6, 4.3, 7.2, 11.0, 14.6, 18.1, 20.3]
POWER = [("Standby", 1), ("Fan only", 38), ("Defrost", 52), ("Eco", 235), ("Auto", 305), ("Boost", 372)]

PARTS = [
    ("1", "800-101", "Front grille", "1", "clips, no screws"),
    ("2", "800-102", "Air filter, washable", "1", "clean every 300 h"),
    ("3", "800-110", "Evaporator coil", "1", "refrigerant circuit"),
    ("4", "800-111", "Condenser coil", "1", "refrigerant circuit"),
    ("5", "800-120", "Fan assembly, 24 V EC (M2)", "1", "4 screws T20"),
    ("6", "800-130", "Base pan with castors", "1", "earth point PE"),
    ("7", "800-131", "Compressor, R290 (M1)", "1", "3 nuts M8"),
    ("8", "800-103", "Rear cover", "1", "6 screws T20"),
    ("9", "800-104", "Top lid with handle", "1", "2 screws T20"),
    ("10", "800-140", "Display board (A2)", "1", "behind the top lid"),
    ("11", "800-150", "Water tank, 6.5 litres", "1", ""),
    ("12", "800-151", "Float with magnet", "1", "in the tank"),
    ("13", "800-160", "Room sensor TX-210 (B2)", "1", "see its data sheet"),
    ("14", "800-141", "Main board (A1)", "1", "fuse F1 included"),
    ("15", "800-132", "Run capacitor, 8 µF (C1)", "1", "discharge first"),
    ("16", "800-161", "Defrost thermistor, 10 kΩ (B3)", "1", "clip on coil pipe"),
]

DISMANTLING = [
    Block("h2", "6.2 Taking the unit apart"),
    Block("1.", "Pull the tank (11) forward and lift it out."),
    Block("2.", "Press the two clips at the lower edge of the grille (1) and swing it up; take out the filter (2)."),
    Block(
        "3.",
        "Remove the two T20 screws below the handle and lift the top lid (9). Unplug the ribbon cable from the "
        "display board (10).",
    ),
    Block("4.", "Remove six T20 screws and draw the rear cover (8) off."),
    Block(
        "5.",
        "Unplug X3 and remove the fan assembly (5): four T20 screws, tightened to <b>1.2 Nm</b> on assembly.",
        "fan-torque",
    ),
    Block("6.", "Pull the room sensor (13) and the defrost thermistor (16) out of their clips."),
    Block("h2", "6.3 Putting it together"),
    Block(
        "p",
        "Work in the reverse order. Tighten the nuts of the compressor feet (7) to 6 Nm. Lead the sensor cable "
        "left of the fan, never over the discharge pipe.",
    ),
    Block(
        "p",
        "Put the thermistor back on the upper pipe bend of the evaporator, not on the header: on the wrong "
        "place it starts defrosting too late.",
    ),
]

WIRES = [
    ("W1", "brown", "1.0", "X0: L", "A1 X1:1", "mains, through F1"),
    ("W2", "blue", "1.0", "X0: N", "A1 X1:2", "mains"),
    ("W3", "green/yellow", "1.5", "X0: PE", "base pan", "protective earth"),
    ("W4", "black", "1.0", "A1 X2:1", "M1 run (R)", "compressor"),
    ("W5", "white", "1.0", "A1 X2:2", "M1 common (C)", "through B1"),
    ("W6", "grey", "1.0", "A1 X2:3", "M1 start (S)", "through C1"),
    ("W7", "red", "0.5", "A1 X3:1", "M2", "+24 V"),
    ("W8", "black", "0.5", "A1 X3:2", "M2", "0 V"),
    ("W9", "yellow", "0.25", "A1 X3:3", "M2", "tacho signal"),
    ("W10", "violet", "0.25", "A1 X3:4", "M2", "speed, PWM"),
    ("W11", "red", "0.25", "A1 X4:1", "B2 pin 1", "VDD, +5 V"),
    ("W12", "black", "0.25", "A1 X4:2", "B2 pin 2", "GND"),
    ("W13", "yellow", "0.25", "A1 X4:3", "B2 pin 3", "SDA"),
    ("W14", "green", "0.25", "A1 X4:4", "B2 pin 4", "SCL"),
    ("W15", "white (2)", "0.25", "A1 X5", "B3", "thermistor"),
    ("W16", "orange (2)", "0.25", "A1 X6", "S1", "float switch"),
    ("W17", "grey ribbon", "10 core", "A1 X7", "A2", "display"),
    ("W18", "pink (2)", "0.5", "A1 X8", "M3", "pump kit, option"),
]

READING = [
    Block(
        "p",
        "<b>Plugs.</b> X1 and X2 carry mains voltage. X3 to X8 carry at most 24 V and are coded, so that no plug "
        "fits a wrong socket.",
    ),
    Block("p", "<b>Pin numbers</b> of the sensor B2 are printed beside its wires; its data sheet names the same pins."),
    Block("p", "<b>Dashed frame.</b> The pump M3 is an option. Without it X8 stays empty and no bridge is needed."),
]

MEASURING = [
    Block("h2", "7.2 Measuring the thermistor"),
    Block(
        "p",
        "Unplug X5 and measure between the two white wires W15. Compare the value with Table 5; "
        "a deviation of more than 5 % means a faulty thermistor (800-161).",
    ),
    Block("h2", "7.3 Measuring the compressor"),
    Block(
        "p",
        "With W4, W5 and W6 unplugged the run winding (C–R) has 11.8 Ω and the start winding (C–S) "
        "<b>19.5 Ω</b> at 20 °C. Between any winding and earth the resistance must be infinite.",
        "winding",
    ),
]

THERMISTOR = [("–20", "105.4"), ("–10", "58.2"), ("0", "33.6"), ("10", "20.2"), ("25", "10.0"), ("40", "5.3")]

ERRORS = [
    (
        "E1",
        "The room sensor TX-210 does not answer",
        "Check plug X4 and wires W11 to W14. If they are sound, replace the sensor (800-160).",
    ),
    (
        "E2",
        "Defrost thermistor open or short-circuited",
        "Measure it at plug X5 (Table 5). Replace the thermistor (800-161) if it deviates by more than 5 %.",
    ),
    (
        "E3",
        "Water tank full or not in its place",
        "Empty the tank. If the code stays, check float (800-151) and reed switch S1.",
    ),
    (
        "E4",
        "Evaporator below –12 °C for 10 minutes",
        "Clean the air filter. Check the fan and the defrost thermistor. If the coil ices again, "
        "look for lost refrigerant.",
    ),
    (
        "E5",
        "The compressor does not start or is overloaded",
        "Check run capacitor C1 (8 µF ± 5 %) and the overload protector B1; let the compressor cool for 45 minutes.",
    ),
    (
        "E6",
        "Fan speed below 400 rpm",
        "Check plug X3 and wire W9. Turn the fan by hand: replace the fan assembly (800-120) if it is stiff.",
    ),
    (
        "E7",
        "The condensate pump has run for more than 5 minutes",
        "Clean the hose and the non-return valve; check that the lift is not more than 4 m.",
    ),
    (
        "E8",
        "No communication with the display board",
        "Check the ribbon cable W17 at both ends. Replace the display board (800-140).",
    ),
    (
        "E9",
        "Mains voltage outside 198–254 V",
        "Measure the voltage at the socket under load. Have the installation checked.",
    ),
    (
        "E10",
        "Memory of the main board is damaged",
        "Switch off for 2 minutes. If the code returns, replace the main board (800-141).",
    ),
]

FAULTS = [
    Block("h2", "8.2 Faults without a code"),
    Block(
        "p",
        "<b>No light at all.</b> Check the socket, then the fuse F1 on the main board. A fuse that blows "
        "again at once points to a short circuit in the compressor.",
    ),
    Block(
        "p",
        "<b>Runs, but removes little water.</b> Compare with Figure 3. Clean the filter and look at the coil: "
        "frost on its upper third only is a sign of lost refrigerant.",
        "little-water",
    ),
    Block("p", "<b>Rattling.</b> Check the three feet of the compressor and the clips of the grille."),
    Block("p", "<b>Water under the unit.</b> Check the drain lip of the base pan and the O-ring of the hose outlet."),
    Block("h2", "8.3 Clearing the fault memory"),
    Block(
        "p", "Open the service menu (section 3.2), press <b>–</b> and <b>+</b> together until the display shows CLr."
    ),
]

MAINTENANCE_HEAD = ("Interval", "Task", "What to look for", "By", "Minutes")
MAINTENANCE = [
    ("Weekly", "Look at the display", "No code, no flashing light", "User", "1"),
    ("Weekly", "Empty the tank and rinse it", "No slime, float moves freely", "User", "3"),
    ("Monthly", "Clean the outside", "Damp cloth, no solvent", "User", "5"),
    ("Monthly", "Check the free space around the unit", "200 mm behind, 500 mm in front", "User", "1"),
    ("Monthly", "Listen to the running unit", "No rattling, no grinding", "User", "2"),
    ("300 h", "Wash the air filter (800-102)", "40 °C water; let it dry fully", "User", "10"),
    ("300 h", "Reset the filter counter", "Hold FAN for 5 seconds", "User", "1"),
    ("Quarterly", "Check the drain hose", "No kinks, falls all the way", "User", "5"),
    ("Quarterly", "Check the mains cable and plug", "No cuts, no discoloration", "User", "2"),
    ("Quarterly", "Dust the grille and the rear cover", "Openings are clear", "User", "5"),
    ("Quarterly", "Read the stored error codes", "Service menu, section 3.2", "Service", "3"),
    ("Half-yearly", "Vacuum the evaporator fins", "Soft brush, along the fins", "Service", "15"),
    ("Half-yearly", "Vacuum the condenser fins", "Soft brush, along the fins", "Service", "15"),
    ("Half-yearly", "Clean the base pan and drain lip", "Water runs off without a rest", "Service", "10"),
    ("Half-yearly", "Check the castors", "All four turn", "Service", "2"),
    ("Half-yearly", "Descale the tank (800-151 taken out)", "Citric acid, 20 g per litre", "Service", "20"),
    ("Yearly", "Compare the room sensor (800-160)", "Within ± 3 % RH", "Service", "20"),
    ("Yearly", "Measure the defrost thermistor", "Table 5, ± 5 %", "Service", "10"),
    ("Yearly", "Measure the power input in Boost mode", "372 W ± 10 % (Figure 4)", "Service", "15"),
    ("Yearly", "Check the fan for play", "Turns freely, no contact", "Service", "5"),
    ("Yearly", "Check the plugs X3 to X8", "Locked, no corrosion", "Service", "5"),
    ("Yearly", "Check the protective earth", "Less than 0.1 Ω", "Electrician", "5"),
    ("Yearly", "Check the insulation", "More than 2 MΩ at 500 V", "Electrician", "5"),
    ("Yearly", "Tighten the terminal screws X0 and X1", "0.5 Nm", "Electrician", "5"),
    ("Yearly", "Search for leaks with a gas detector", "No alarm at joints and coils", "Refrigeration", "15"),
    ("2 years", "Replace the air filter (800-102)", "Frame closes without a gap", "Service", "5"),
    ("2 years", "Replace the O-ring of the hose outlet", "Grease it lightly", "Service", "10"),
    ("2 years", "Clean the pump kit and its valve", "Lift of 4 m is reached", "Service", "30"),
    ("3 years", "Replace the run capacitor C1 (800-132)", "8 µF ± 5 %", "Electrician", "20"),
    ("3 years", "Replace the rubber feet of the compressor", "Nuts 6 Nm", "Service", "40"),
    ("5 years", "Replace the fan assembly (800-120)", "Speed 400–1,350 rpm", "Service", "35"),
    ("5 years", "Replace the room sensor (800-160)", "Reading within ± 2 % RH", "Service", "10"),
    ("8 years", "Weigh the refrigerant charge", "85 g; refill if below 77 g", "Refrigeration", "60"),
]
MAINTENANCE_FIRST_PAGE = 25

MAINTAIN_INTRO = [
    Block(
        "p",
        "Table 7 lists all maintenance from the weekly look to the check of the charge after eight years. The "
        "intervals hold for 12 hours of running a day; in dusty rooms halve those of the filter and the coils. "
        "Tasks marked Electrician or Refrigeration need the qualification named in section 1.1.",
    ),
]

CLOSING = [
    Block("h2", "9.2 Service log"),
    Block(
        "p",
        "Write date, running hours, error codes and replaced parts on the card inside the rear cover, and send "
        "a copy to the address below if the unit is under warranty. The warranty lasts <b>36 months</b> from the "
        "date of purchase.",
        "warranty",
    ),
    Block("h2", "9.3 Disposal"),
    Block(
        "p",
        "R290 must be recovered or, where the law allows, vented outdoors by a certified technician. Hand "
        "the unit to a collection point for electrical equipment; the oil stays in the compressor.",
    ),
    Block("h2", "9.4 Spare parts and help"),
    Block(
        "p",
        "Vindel Climate Works, Parts and Service, Kvarnvägen 14, Lindhamn. Name the model, the serial number on "
        "the rating plate and the part number from Table 3.",
    ),
]
