//! Letters in English.

use super::Letter;

pub(super) const LETTERS: &[Letter] = &[
    Letter {
        language: "en",
        subject: "A 20-minute temperature audit for {{company}}",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>Three of your neighbours found the same warm corner at the loading dock last June. It takes two loggers and twenty minutes to see whether {{company}} has one too.</p>\
            <p>How it works is on <a href=\"https://www.northlight.example/audit\">one page</a>. Would Tuesday morning suit you?</p>",
    },
    Letter {
        language: "en",
        subject: "Cold-chain pilot: the plan, step by step",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>As promised: the plan for twelve loggers across your two cold rooms, with the door sensors you asked about.</p>\
            <ul><li>Week 1: we mount, you watch</li><li>Weeks 2 to 5: alarms go to the night shift only</li><li>Week 6: we read the curves together</li></ul>\
            <p>The <a href=\"https://www.northlight.example/pilot-plan\">plan</a> and the <a href=\"https://www.northlight.example/pricing\">prices</a>. Would Thursday suit you for a walk through?</p>",
    },
    Letter {
        language: "en",
        subject: "Validation report for the 2–8 °C range",
        body_html: "<p>Dear {{first_name}},</p>\
            <p>The mapping study is ready, and so are the calibration certificates; page 6 answers your auditor.</p>\
            <p><a href=\"https://www.northlight.example/reports/2-8\">Read the report</a></p>",
    },
    Letter {
        language: "en",
        subject: "Two questions about your reefers",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>Do the drivers at {{company}} see the alarm themselves, or does the depot call them? And do the trailers keep power on the ferry?</p>\
            <p>It changes which model fits. Two words are enough.</p>",
    },
    Letter {
        language: "en",
        subject: "Pricing for 40 loggers",
        body_html: "<p>Hello {{first_name}},</p>\
            <p>Here is the offer we discussed, with the three-year calibration split out as you wanted. The price per unit falls from 50 pieces.</p>\
            <p><a href=\"https://www.northlight.example/pricing\">Price list</a> · <a href=\"https://www.northlight.example/calibration\">What calibration includes</a> · <a href=\"https://www.northlight.example/rent\">Buying or renting</a></p>",
    },
    Letter {
        language: "en",
        subject: "Your question about salt fog",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>Short answer: IP69K and a titanium probe. Long answer, with the photos after 1,000 hours in the chamber: <a href=\"https://www.northlight.example/tests/salt-fog\">the test</a>.</p>",
    },
    Letter {
        language: "en",
        subject: "You stopped at our stand",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>We spoke for five minutes between the coffee bar and stand 14, and you mentioned the nights when nobody is in the cold store at {{company}}.</p>\
            <p>This is <a href=\"https://www.northlight.example/nights\">what others do about them</a>. Shall I call on Wednesday?</p>",
    },
    Letter {
        language: "en",
        subject: "When the power goes, the logger stays",
        body_html: "<p>Good morning {{first_name}},</p>\
            <p>The gateway keeps two weeks of readings without a network and uploads on the first bar. The logger itself keeps time for four years.</p>\
            <p>A clinic with fourteen solar fridges wrote down <a href=\"https://stories.northlight.example/solar\">how that went</a>.</p>",
    },
    Letter {
        language: "en",
        subject: "Vaccine carriers: a logger for each, or one per van",
        body_html: "<p>Hello {{first_name}},</p>\
            <p>The maths favours one per carrier from the third stop on. The <a href=\"https://www.northlight.example/tools/carriers\">sheet</a> takes your own numbers; I filled in what I know of {{company}}.</p>",
    },
    Letter {
        language: "en",
        subject: "The report your auditor will want",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>Auditors ask three things: who saw the alarm, when, and what they did. Our report puts all three on the first page.</p>\
            <p><a href=\"https://www.northlight.example/reports/audit\">See a real one</a>, names removed.</p>",
    },
    Letter {
        language: "en",
        subject: "Three things from today",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>Thank you for your time. What I took with me:</p>\
            <ol><li>You need the alarm on the night shift's phones, not in an inbox</li><li>The probe must survive the wash-down at 80 °C</li><li>{{company}} decides in the second week of the month</li></ol>\
            <p>Did I miss anything?</p>",
    },
    Letter {
        language: "en",
        subject: "Should I close the file on {{company}}?",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>I have not heard from you since the demonstration, and that is fine: harvest does not wait. Shall I write again in autumn, or close the file?</p>\
            <p>One word is enough.</p>",
    },
    Letter {
        language: "en",
        subject: "Calibration dates for {{company}}",
        body_html: "<p>Dear {{first_name}},</p>\
            <p>Your loggers fall due before the summer. We can calibrate them without taking a single one out of service; answer with a date and it is yours.</p>\
            <p><a href=\"https://service.northlight.example/calibration\">Choose a date</a></p>",
    },
    Letter {
        language: "en",
        subject: "Sample unit on its way",
        body_html: "<p>Hi {{first_name}},</p>\
            <p>It left this morning; the customs papers say demonstration unit, no value. You can <a href=\"https://track.northlight.example/parcel\">follow the parcel</a>, and when it arrives <a href=\"https://www.northlight.example/start\">four steps</a> are enough.</p>",
    },
];
