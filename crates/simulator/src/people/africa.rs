//! Names and companies of Africa.

use super::{Company, Culture};

pub(super) const CULTURES: &[Culture] = &[
    Culture {
        language: "en-NG",
        given: &["Olumide", "Ngozi", "Chinedu", "Adéṣọlá/adesola", "Ifeoma", "Tunde", "Yétúndé/yetunde", "Emeka"],
        family: &["Adeyemi", "Okafor", "Balogun", "Eze", "Akínwálé/akinwale", "Nwosu", "Ogunleye", "Ibrahim"],
        titles: &["Head of Distribution", "Quality Lead", "Procurement Manager", "Cold-store Supervisor"],
        companies: &[
            Company("Lagoon Medical Supply", "lagoonmedical.example", "Africa/Lagos"),
            Company("Benue Fresh Produce", "benuefresh.example", "Africa/Lagos"),
        ],
    },
    Culture {
        language: "en-KE",
        given: &["Grace", "Wanjiru", "Kipchumba", "Achieng", "Baraka", "Njeri", "Otieno", "Amani"],
        family: &["Mwangi", "Kariuki", "Cheruiyot", "Odhiambo", "Wekesa", "Ndung'u", "Kamau", "Mutua"],
        titles: &["Post-harvest Manager", "Export Manager", "Quality Manager", "Logistics Coordinator"],
        companies: &[
            Company("Rift Valley Blooms", "riftblooms.example", "Africa/Nairobi"),
            Company("Mount Elgon Coffee", "mountelgon.example", "Africa/Kampala"),
        ],
    },
    Culture {
        language: "en-ZA",
        given: &["Thabo", "Naledi", "Pieter", "Zanele", "Lerato", "Sipho", "Annelie", "Ayanda"],
        family: &["Nkosi", "Dlamini", "van der Merwe", "Mokoena", "Khumalo", "Botha", "Naidoo", "Mahlangu"],
        titles: &["Cold-chain Manager", "Quality Manager", "Operations Manager", "Buyer"],
        companies: &[
            Company("Drakens Fresh", "drakens.example", "Africa/Johannesburg"),
            Company("Agulhas Line Fish", "agulhas.example", "Africa/Johannesburg"),
        ],
    },
    Culture {
        language: "fr-SN",
        given: &["Aminata", "Mamadou", "Fatou", "Ousmane", "Aïssatou/aissatou", "Cheikh", "Khady", "Ibrahima"],
        family: &["Diop", "Ndiaye", "Traoré/traore", "Koné/kone", "Sarr", "Ouédraogo/ouedraogo", "Cissé/cisse", "Ba"],
        titles: &["Responsable logistique", "Responsable de la chaîne du froid", "Achats"],
        companies: &[
            Company("Pêcheries de la Téranga", "teranga.example", "Africa/Dakar"),
            Company("Mangues du Sahel", "mangues-sahel.example", "Africa/Abidjan"),
        ],
    },
    Culture {
        language: "am",
        given: &["ሰላም/selam", "ዳዊት/dawit", "ሕይወት/hiwot", "አበበ/abebe", "ማርታ/marta", "ዮናስ/yonas"],
        family: &["ተስፋዬ/tesfaye", "በቀለ/bekele", "ገብረ/gebre", "አለሙ/alemu", "ከበደ/kebede", "መኮንን/mekonnen"],
        titles: &["Logistics Manager", "Vaccine Store Manager", "Quality Officer"],
        companies: &[Company("Entoto Health Supplies", "entoto.example", "Africa/Addis_Ababa")],
    },
];
