//! Letters in other languages.

use super::Letter;

pub(super) const LETTERS: &[Letter] = &[
    Letter {
        language: "ja",
        subject: "温度ロガー導入の件（{{company}}様）",
        body_html: "<p>{{last_name}}様</p>\
            <p>先日はお時間をいただきありがとうございました。お見積書と校正証明書の見本をお送りいたします。</p>\
            <p><a href=\"https://www.northlight.example/ja/pricing\">お見積書</a>　<a href=\"https://www.northlight.example/ja/calibration\">校正について</a></p>\
            <p>ご不明な点がございましたら、お気軽にお知らせください。</p>",
    },
    Letter {
        language: "ja",
        subject: "冷蔵倉庫の温度管理について",
        body_html: "<p>{{last_name}}様</p>\
            <p>展示会ではありがとうございました。夜間の温度逸脱を五分以内に知らせる仕組みの<a href=\"https://www.northlight.example/ja/nights\">資料</a>をお送りいたします。</p>",
    },
    Letter {
        language: "ko",
        subject: "{{company}} 냉장창고 온도 기록계 제안",
        body_html: "<p>{{last_name}}{{first_name}}님, 안녕하세요.</p>\
            <p>2–8 °C 구간 밸리데이션 보고서와 교정 성적서를 준비했습니다. 감사에서 묻는 내용은 6쪽에 있습니다.</p>\
            <p><a href=\"https://www.northlight.example/ko/report\">보고서 보기</a></p>",
    },
    Letter {
        language: "zh-Hant",
        subject: "{{company}} 冷鏈溫度記錄器試用方案",
        body_html: "<p>{{last_name}}{{first_name}} 您好：</p>\
            <p>感謝您上週撥冗。附上兩間冷庫、十二台記錄器的試用方案，六週內即可看到成效。</p>\
            <p><a href=\"https://www.northlight.example/zh/pilot\">試用方案</a>　<a href=\"https://www.northlight.example/zh/pricing\">價目表</a></p>",
    },
    Letter {
        language: "zh-Hans",
        subject: "{{company}} 冷库温度记录仪试用方案",
        body_html: "<p>{{last_name}}{{first_name}} 您好：</p>\
            <p>您在展会上问到断电的情况：记录仪可独立计时四年，网关断网也能保存两周数据。</p>\
            <p><a href=\"https://www.northlight.example/zh/offline\">十四天断网实测</a></p>",
    },
    Letter {
        language: "vi",
        subject: "Lịch sử cảnh báo của kho lạnh {{company}}",
        body_html: "<p>Chào {{first_name}},</p>\
            <p>Bản xuất có đủ 41 cảnh báo của tuần thử nghiệm; sáu cảnh báo quan trọng nằm ở trang thứ hai.</p>\
            <p><a href=\"https://www.northlight.example/vi/alarms\">Xem bản xuất</a></p>",
    },
    Letter {
        language: "pt",
        subject: "O que muda nos registros de transporte",
        body_html: "<p>Olá {{first_name}},</p>\
            <p>Um resumo de uma página das novas regras, e os dois relatórios que os nossos clientes entregam com ele.</p>\
            <p><a href=\"https://www.northlight.example/pt/regras\">O resumo</a> · <a href=\"https://www.northlight.example/pt/relatorios\">Os relatórios</a></p>",
    },
    Letter {
        language: "pt",
        subject: "Iogurte a 4 °C, do laticínio ao mercado",
        body_html: "<p>Olá {{first_name}},</p>\
            <p>O trajeto que descreveu tem 2.100 km e duas transferências; <a href=\"https://stories.northlight.example/pt/iogurte\">aqui está onde ele aquece</a>. Falamos na quinta-feira?</p>",
    },
    Letter {
        language: "es",
        subject: "Registradores que aguantan el lavado a presión",
        body_html: "<p>Hola {{first_name}}:</p>\
            <p>Una nota breve porque lo preguntaste en la feria: sí, 80 °C y manguera a presión, todas las noches.</p>\
            <p><a href=\"https://www.northlight.example/es/lavado\">La prueba, en vídeo</a></p>",
    },
    Letter {
        language: "es",
        subject: "Nueve horas antes de abrir la puerta del camión",
        body_html: "<p>Hola {{first_name}}:</p>\
            <p>La sonda puede ir dentro de la caja, no al lado. Así {{company}} sabe la temperatura nueve horas antes de que se abra la puerta.</p>\
            <p>¿Te llamo el martes?</p>",
    },
    Letter {
        language: "fr",
        subject: "L'insuline sur la route, un après-midi de chaleur",
        body_html: "<p>Bonjour {{first_name}},</p>\
            <p>Un cas court : un distributeur de votre taille, quatorze fourgons, un après-midi trop chaud retrouvé en une semaine.</p>\
            <p><a href=\"https://stories.northlight.example/fr/insuline\">Lire le cas</a></p>",
    },
    Letter {
        language: "fr",
        subject: "Enregistreurs pour {{company}} : deux façons de commencer",
        body_html: "<p>Bonjour {{first_name}},</p>\
            <p>Louer six appareils pendant un mois, ou en acheter vingt avec trois ans d'étalonnage. Les <a href=\"https://www.northlight.example/fr/tarifs\">deux offres</a> tiennent sur une page.</p>",
    },
    Letter {
        language: "de",
        subject: "Kühlkette bei {{company}}: der Prüfbericht auf einer Seite",
        body_html: "<p>Guten Tag {{first_name}},</p>\
            <p>wer sah den Alarm, wann, und was geschah dann? Unser Bericht beantwortet das auf der ersten Seite.</p>\
            <p><a href=\"https://www.northlight.example/de/bericht\">Beispiel ansehen</a></p>",
    },
    Letter {
        language: "de",
        subject: "Angebot über 18 Logger, drei Jahre Kalibrierung",
        body_html: "<p>Guten Tag {{first_name}},</p>\
            <p>das überarbeitete Angebot gilt bis zum 15. des nächsten Monats; ab 20 Stück sinkt der Preis. Die <a href=\"https://www.northlight.example/de/preise\">Preisliste</a> und die <a href=\"https://www.northlight.example/de/kalibrierung\">Kalibrierung</a>.</p>",
    },
    Letter {
        language: "it",
        subject: "Dopo la telefonata di martedì",
        body_html: "<p>Ciao {{first_name}},</p>\
            <p>ti dovevo due cose: la referenza, e se la sonda entra nelle vostre cisterne. <a href=\"https://www.northlight.example/it/cisterne\">Entra</a>.</p>",
    },
    Letter {
        language: "pl",
        subject: "Bramka do magazynu i jej cena",
        body_html: "<p>Dzień dobry {{first_name}},</p>\
            <p>odpowiedź brzmi: tak, jedna bramka obejmuje oba piętra magazynu. Szczegóły i cena są <a href=\"https://www.northlight.example/pl/bramka\">tutaj</a>.</p>",
    },
    Letter {
        language: "nb",
        subject: "Saltståke: det korte og det lange svaret",
        body_html: "<p>Hei {{first_name}},</p>\
            <p>kort svar: IP69K og sonde i titan. Langt svar med bilder: <a href=\"https://www.northlight.example/no/salt\">testen</a>.</p>",
    },
];
