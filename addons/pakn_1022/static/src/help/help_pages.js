import { _t } from "@web/core/l10n/translation";

/**
 * What each role does, in the words of its screens. A picture is made by the tests in
 * the browser (SCREENSHOTS=1), so that it shows what is there.
 *
 * @returns {{ key, groups, title, intro, parts: { title, steps, picture? }[] }[]}
 */
export function getHelpPages() {
    return [getOperator(), getFocal(), getHead(), getOffice(), getMonitor(), getManager()];
}

function getOperator() {
    return {
        key: "operator",
        groups: ["pakn_1022.group_operator"],
        title: _t("Operator"),
        intro: _t("You take in what citizens report, hand it to the unit in charge, and tell the citizen the result."),
        parts: [
            {
                title: _t("Begin at the desk"),
                picture: "operator-desk",
                steps: [
                    _t("“Desk” shows what waits for you, in the order it should be done: calls to return, new requests, messages, results to check, appointments, what is late."),
                    _t("Press a digit to open a row, T to take it. Green is early, yellow soon, red late."),
                    _t("“All” shows what nobody has taken, and what your colleagues have."),
                ],
            },
            {
                title: _t("A citizen calls"),
                picture: "operator-intake-repeat",
                steps: [
                    _t("Press Alt+C, type the phone number, press Tab: who has called before is filled in."),
                    _t("Write what the citizen says. Beside it stands what is still missing, whether the same was reported before, and which unit is proposed."),
                    _t("Danger to life: the screen names 113, 114 or 115. Tell the caller to ring there first."),
                    _t("Press Alt+T to hand it to the unit. “Answer now” answers from the knowledge base, “Reject” says why and where the citizen can turn."),
                ],
            },
            {
                title: _t("The unit has answered"),
                picture: "operator-result",
                steps: [
                    _t("Read the result. Does it answer the citizen? “Send the result” sends it; “Give the result back” returns it to the unit with your reason."),
                    _t("Publishing is a step of its own: look through the text first, no name or number of a person may stay in it."),
                    _t("Under “Not arrived” are citizens whom no message reached: call them, and note it with “Citizen called”."),
                ],
            },
        ],
    };
}

function getDeadlines() {
    return {
        title: _t("Time to answer"),
        steps: [
            _t("You have 8 working hours from the moment the slip was sent; the slip says how much is left. Nights, weekends and days off do not count."),
            _t("Within that time you give the result, or an appointment: the day on which the result comes. Once, with a reason, it can be extended."),
            _t("What is not answered in time goes to the next level by itself, and stays late in the statistics."),
        ],
    };
}

function getFocal() {
    return {
        key: "focal",
        groups: ["pakn_1022.group_unit_focal"],
        title: _t("Focal point of a unit"),
        intro: _t("You receive the slips of your unit and answer them."),
        parts: [
            {
                title: _t("A slip arrives"),
                picture: "unit-slips",
                steps: [
                    _t("“My unit's slips” lists what lies with your unit, the most urgent first. Open a row."),
                    _t("Press “Acknowledge” when you have read it: the hotline sees that somebody is at it. The time goes on."),
                    _t("Something is unclear? Write to the hotline below the slip; the operator answers there."),
                ],
            },
            {
                title: _t("You answer"),
                steps: [
                    _t("“Give the result”: write what was done, so that the citizen understands it, and add pictures or papers."),
                    _t("“Give an appointment”: it takes longer. Say on which day the result comes."),
                    _t("“Not ours, give back”: in the menu beside it, with the reason. The hotline looks for the right unit."),
                ],
            },
            getDeadlines(),
            {
                title: _t("You are away"),
                steps: [
                    _t("Press your name at the top right, “My Preferences”, and set “Away until”: slips go to the others of your unit."),
                ],
            },
        ],
    };
}

function getHead() {
    return {
        key: "head",
        groups: ["pakn_1022.group_unit_head"],
        title: _t("Head of a unit"),
        intro: _t("You get what your focal points did not answer in time, and see all slips of your unit."),
        parts: [
            {
                title: _t("What comes to you"),
                picture: "unit-slips",
                steps: [
                    _t("A slip without an answer in time is late and comes to you; you have 8 working hours of your own."),
                    _t("“Give the result” or “Give an appointment” as a focal point does."),
                    _t("“Delegate” hands it to a focal point of yours, on record. The time goes on."),
                    _t("Without an answer it goes to the Office of the Provincial People's Committee."),
                ],
            },
            {
                title: _t("What your unit does"),
                steps: [
                    _t("“Reporting”, “Dashboard”: how many slips were due, how many in time, what is open. Press a number to see the slips."),
                ],
            },
        ],
    };
}

function getOffice() {
    return {
        key: "office",
        groups: ["pakn_1022.group_provincial_office"],
        title: _t("Office of the Provincial People's Committee"),
        intro: _t("You decide which unit is responsible, and get what the heads did not answer in time."),
        parts: [
            {
                title: _t("What comes to you"),
                steps: [
                    _t("Requests that the hotline refers, because it is unclear or shared who is responsible."),
                    _t("Requests that neither focal point nor head answered in time."),
                ],
            },
            {
                title: _t("What you do"),
                steps: [
                    _t("“Assign to units”: the first one leads, the others support. Each gets a slip with a time of its own."),
                    _t("“Give the result” answers for the province."),
                ],
            },
        ],
    };
}

function getMonitor() {
    return {
        key: "monitor",
        groups: ["pakn_1022.group_monitor"],
        title: _t("Monitor"),
        intro: _t("You see how the hotline and the units work. You change nothing, and citizens' names are masked."),
        parts: [
            {
                title: _t("At a glance"),
                picture: "report-dashboard",
                steps: [
                    _t("“Dashboard”: today and this month. Press a number, a bar or a slice: the list shows exactly what it counts."),
                    _t("Green is in time, orange escalated to the next level, red late, everywhere."),
                    _t("Requests and slips are two things: one request may have slips in several units and at several levels."),
                ],
            },
            {
                title: _t("Deadlines and reports"),
                picture: "monitor-deadlines",
                steps: [
                    _t("“Deadlines” shows what falls due in the next working hours and which level let what expire."),
                    _t("“Periodic reports” counts a month, a quarter or a year; it is printed as PDF and XLSX."),
                    _t("“On the wall” turns by itself, for a large screen that nobody touches. Escape ends it."),
                ],
            },
        ],
    };
}

function getManager() {
    return {
        key: "manager",
        groups: ["pakn_1022.group_manager"],
        title: _t("Administrator"),
        intro: _t("You set the hotline up: units and people, fields, working hours, messages."),
        parts: [
            {
                title: _t("Before the first call"),
                picture: "manager-first-steps",
                steps: [
                    _t("“Configuration”, “First steps”: do them from above. A step is ticked when it really works."),
                ],
            },
            {
                title: _t("Units and people"),
                picture: "manager-unit-people",
                steps: [
                    _t("Open a unit: its people, their roles, when they last signed in. “Add a person” makes the account, sets role, unit and phone, and sends the invitation."),
                    _t("“People” lists everybody; “From a spreadsheet” takes many at once. Each line is checked first: all come in, or none."),
                    _t("Somebody leaves: archive the account; open requests go to others. A unit ends: “End units” hands what is open to its successor."),
                ],
            },
            {
                title: _t("Time"),
                steps: [
                    _t("“Working hours”, “Days off”, “Compensatory working days”: deadlines are counted by them. After a change you are asked whether open deadlines are counted anew."),
                ],
            },
        ],
    };
}

/** One sheet of paper for an official who uses it for the first time. */
export function getFirstSheet() {
    return {
        title: _t("1022 Gia Lai: for the first time"),
        intro: _t("For focal points and heads of units. Keep this sheet beside the screen."),
        parts: [
            {
                title: _t("1. Sign in"),
                steps: [
                    _t("Open the mail “1022 Gia Lai: your account”, press “Choose a password”. The link works once, for six days; ask the administrator for another."),
                    _t("Later: the address of the hotline, your login, your password. On a phone it works as well."),
                ],
            },
            {
                title: _t("2. See what waits"),
                steps: [
                    _t("“My unit's slips” opens first. Each slip says what the citizen reported, where, and how much time is left: green is early, yellow soon, red late."),
                    _t("The bell at the top right tells you; mail and SMS too, where that is set."),
                ],
            },
            {
                title: _t("3. Read and acknowledge"),
                steps: [
                    _t("Open the slip, read it, look at the pictures, press “Acknowledge”."),
                    _t("Not your unit's? “Not ours, give back”, with the reason, at once."),
                ],
            },
            {
                title: _t("4. Answer within 8 working hours"),
                steps: [
                    _t("Done: “Give the result”. Write it for the citizen, in whole sentences; add pictures."),
                    _t("It takes longer: “Give an appointment” with the day. One extension is possible, with a reason."),
                ],
            },
            {
                title: _t("5. What happens otherwise"),
                steps: [
                    _t("Without an answer in time the slip goes to the head of the unit, then to the Office of the Provincial People's Committee. It stays late in the statistics."),
                ],
            },
            {
                title: _t("Questions"),
                steps: [
                    _t("Write to the hotline below the slip, or ring (0269) 1022. More is on the page “Help” in the menu."),
                ],
            },
        ],
    };
}
