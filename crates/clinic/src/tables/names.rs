//! Names as a New England waiting room hears them.

/// Given names of one sex: of people born before 1980, and after.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) older: &'static [&'static str],
    pub(crate) younger: &'static [&'static str],
}

const fn all_ages(names: &'static [&'static str]) -> Given {
    Given { older: names, younger: names }
}

pub(crate) const ENGLISH_WOMEN: Given = Given {
    older: &[
        "Barbara", "Carol", "Christine", "Cynthia", "Deborah", "Diane", "Donna", "Dorothy", "Elizabeth", "Frances",
        "Gail", "Helen", "Janet", "Jean", "Joan", "Judith", "Karen", "Kathleen", "Linda", "Lisa", "Lorraine", "Margaret",
        "Marie", "Marjorie", "Mary", "Maureen", "Nancy", "Pamela", "Patricia", "Paula", "Rita", "Ruth", "Sandra",
        "Sharon", "Shirley", "Susan", "Theresa", "Virginia",
    ],
    younger: &[
        "Abigail", "Alexis", "Amanda", "Amelia", "Anna", "Ashley", "Ava", "Brianna", "Caitlin", "Charlotte", "Chloé",
        "Danielle", "Ella", "Emily", "Emma", "Erin", "Grace", "Hailey", "Hannah", "Harper", "Isabella", "Jessica",
        "Kayla", "Kelly", "Lauren", "Lily", "Madison", "Megan", "Mia", "Molly", "Nicole", "Olivia", "Rachel", "Rebecca",
        "Samantha", "Sarah", "Sophia", "Taylor", "Zoë",
    ],
};
pub(crate) const ENGLISH_MEN: Given = Given {
    older: &[
        "Alan", "Anthony", "Arthur", "Brian", "Charles", "Daniel", "David", "Dennis", "Donald", "Douglas", "Edward",
        "Francis", "Frank", "Gary", "George", "Gerald", "Glenn", "Harold", "James", "John", "Joseph", "Kenneth", "Kevin",
        "Lawrence", "Leonard", "Mark", "Michael", "Norman", "Paul", "Peter", "Philip", "Raymond", "Richard", "Robert",
        "Roger", "Ronald", "Stephen", "Thomas", "Walter", "William",
    ],
    younger: &[
        "Aaron", "Adam", "Aidan", "Alexander", "Andrew", "Austin", "Benjamin", "Brandon", "Cameron", "Christopher",
        "Cole", "Connor", "Dylan", "Eli", "Ethan", "Evan", "Henry", "Ian", "Isaac", "Jack", "Jacob", "Jason", "Joshua",
        "Justin", "Kyle", "Liam", "Logan", "Lucas", "Mason", "Matthew", "Nathan", "Nicholas", "Noah", "Owen", "Ryan",
        "Samuel", "Sean", "Théo", "Tyler", "Zachary",
    ],
};
pub(crate) const ENGLISH_FAMILIES: &[&str] = &[
    "Abbott", "Adams", "Allen", "Bailey", "Baker", "Beaulieu", "Bennett", "Bouchard", "Brooks", "Brown", "Burke",
    "Campbell", "Carroll", "Clark", "Collins", "Connolly", "Cote", "Côté", "Cunningham", "D'Angelo", "Davis",
    "DeLuca", "Desrosiers", "Doherty", "Donovan", "Evans", "Fitzgerald", "Flanagan", "Flynn", "Foster", "Gagnon",
    "Gallagher", "Graham", "Gray", "Hall", "Harris", "Hayes", "Higgins", "Hughes", "Jensen", "Johnson", "Kaplan",
    "Kelley", "Kennedy", "Kowalski", "Lavoie", "Leblanc", "Levesque", "Lombardi", "MacDonald", "Marino", "Martin",
    "McCarthy", "McGrath", "Mitchell", "Moore", "Murphy", "Müller", "Nelson", "Nowak", "O'Brien", "O'Connor",
    "O'Neill", "Ouellette", "Papadopoulos", "Parker", "Pelletier", "Perry", "Peterson", "Phillips", "Quinn", "Reed",
    "Reilly", "Roberts", "Rogers", "Romano", "Rossi", "Russell", "Russo", "Ryan", "Santoro", "Shea", "Smith",
    "Sullivan", "Sweeney", "Taylor", "Thompson", "Tremblay", "Walsh", "Ward", "Webster-Hale", "White", "Whitney",
    "Wilson", "Wood", "Wright", "Young",
];

pub(crate) const SPANISH_WOMEN: Given = all_ages(&[
    "Adriana", "Alejandra", "Ana", "Beatriz", "Camila", "Carmen", "Daniela", "Elena", "Gabriela", "Isabel", "Josefina",
    "Juana", "Leticia", "Lucía", "Luz", "Luisa", "Maribel", "María", "Marisol", "Martina", "Mercedes", "Milagros",
    "Rosa", "Sofía", "Valentina", "Ximena", "Yolanda", "Zoraida",
]);
pub(crate) const SPANISH_MEN: Given = all_ages(&[
    "Alejandro", "Andrés", "Ángel", "Antonio", "Carlos", "César", "Diego", "Eduardo", "Emilio", "Fernando", "Francisco",
    "Héctor", "Hugo", "Iván", "Javier", "Jesús", "Joaquín", "Jorge", "José", "Juan", "Luis", "Manuel", "Mateo",
    "Miguel", "Rafael", "Ramón", "Raúl", "Santiago", "Sebastián", "Víctor",
]);
pub(crate) const SPANISH_FAMILIES: &[&str] = &[
    "Acosta", "Álvarez", "Báez", "Castillo", "Colón", "Cruz", "De la Cruz", "Delgado", "Díaz", "Domínguez", "Estévez",
    "Fernández", "Figueroa", "García", "Gómez", "González", "Guzmán", "Hernández", "Jiménez", "López", "Marrero",
    "Martínez", "Medina", "Méndez", "Mercado", "Muñoz", "Núñez", "Ortiz", "Pagán", "Peña", "Peralta", "Pérez",
    "Ramírez", "Reyes", "Rivera", "Rodríguez", "Rosario", "Ruiz-Soto", "Sánchez", "Santana", "Santos", "Torres",
    "Vargas", "Vásquez", "Vega",
];

pub(crate) const BLACK_WOMEN: Given = all_ages(&[
    "Aaliyah", "Alicia", "Amara", "Angela", "Brenda", "Camille", "Candace", "Denise", "Destiny", "Ebony", "Gloria",
    "Imani", "Jasmine", "Keisha", "Lakeisha", "Latoya", "Makayla", "Monique", "Nia", "Renée", "Serena", "Tamika",
    "Tiana", "Vanessa", "Yvonne",
]);
pub(crate) const BLACK_MEN: Given = all_ages(&[
    "Andre", "Calvin", "Cedric", "Curtis", "Darius", "Darnell", "Deandre", "Dwayne", "Elijah", "Isaiah", "Jalen",
    "Jamal", "Jerome", "Kwame", "Lamar", "Malcolm", "Malik", "Marcus", "Maurice", "Reginald", "Terrence", "Trevon",
    "Tyrone", "Vernon", "Xavier",
]);
pub(crate) const BLACK_FAMILIES: &[&str] = &[
    "Banks", "Barnes", "Boateng", "Booker", "Brooks", "Carter", "Coleman", "Dixon", "Edwards", "Franklin", "Gaines",
    "Gomes", "Greene", "Hampton", "Harris", "Jackson", "Jefferson", "Jenkins", "Johnson", "Jones", "Joseph", "Mensah",
    "Okafor", "Owens", "Robinson", "Simmons", "Tavares", "Walker", "Washington", "Williams",
];
pub(crate) const HAITIAN_WOMEN: Given = all_ages(&[
    "Céleste", "Claudette", "Esther", "Fabiola", "Guerline", "Islande", "Marie-Ange", "Mirlande", "Nadège", "Rose",
    "Stéphanie", "Widline",
]);
pub(crate) const HAITIAN_MEN: Given = all_ages(&[
    "Emmanuel", "Frantz", "Gérard", "Jean", "Jean-Claude", "Jude", "Pierre", "Ricardo", "Stanley", "Wilner", "Wilson",
    "Yves",
]);
pub(crate) const HAITIAN_FAMILIES: &[&str] = &[
    "Antoine", "Auguste", "Baptiste", "Charles", "Desrosiers", "Dorvil", "Étienne", "François", "Jean-Baptiste",
    "Joseph", "Laguerre", "Louis", "Pierre", "Saint-Fleur", "Toussaint",
];

pub(crate) const PORTUGUESE_WOMEN: Given = all_ages(&[
    "Aline", "Ana", "Beatriz", "Conceição", "Fátima", "Fernanda", "Inês", "Juliana", "Larissa", "Lourdes", "Lúcia",
    "Mariana", "Patrícia", "Thaís", "Vitória",
]);
pub(crate) const PORTUGUESE_MEN: Given = all_ages(&[
    "Antônio", "Bruno", "Cauã", "Duarte", "Felipe", "Gustavo", "Henrique", "João", "Joaquim", "Leandro", "Luís",
    "Manoel", "Rodrigo", "Thiago", "Vinícius",
]);
pub(crate) const PORTUGUESE_FAMILIES: &[&str] = &[
    "Almeida", "Araújo", "Assunção", "Barros", "Carvalho", "Costa", "Da Silva", "Faria", "Fonseca", "Furtado",
    "Gonçalves", "Magalhães", "Medeiros", "Mello", "Oliveira", "Pacheco", "Pereira", "Ribeiro", "Simões", "Souza",
];

pub(crate) const CHINESE_WOMEN: Given = all_ages(&[
    "Amy", "Fang", "Grace", "Hui", "Jing", "Joyce", "Lan", "Li", "Lihua", "Lin", "Mei", "Mei-Ling", "Min", "Wen",
    "Xia", "Xiu", "Yan", "Ying",
]);
pub(crate) const CHINESE_MEN: Given = all_ages(&[
    "Bo", "Chao", "David", "Feng", "Hao", "Jian", "Jun", "Kevin", "Lei", "Ming", "Peng", "Qiang", "Tao", "Wei", "Xin",
    "Yong", "Zhen", "Zhiyuan",
]);
pub(crate) const CHINESE_FAMILIES: &[&str] = &[
    "Chan", "Chen", "Cheung", "Fung", "Guo", "Huang", "Lam", "Lau", "Li", "Lin", "Liu", "Lü", "Ng", "Sun", "Wang",
    "Wong", "Wu", "Xu", "Yang", "Zhang", "Zhao", "Zhou",
];

pub(crate) const VIETNAMESE_WOMEN: Given = all_ages(&[
    "Anh", "Bích", "Dung", "Hạnh", "Hoa", "Hồng", "Hương", "Lan", "Linh", "Mai", "Ngọc", "Nhung", "Phương", "Quỳnh",
    "Thảo", "Thu", "Trang", "Yến",
]);
pub(crate) const VIETNAMESE_MEN: Given = all_ages(&[
    "An", "Bảo", "Bình", "Cường", "Đức", "Dũng", "Hải", "Hiếu", "Hùng", "Khoa", "Long", "Minh", "Nam", "Phúc", "Quang",
    "Sơn", "Thành", "Tuấn",
]);
pub(crate) const VIETNAMESE_FAMILIES: &[&str] = &[
    "Bùi", "Đặng", "Đỗ", "Dương", "Hoàng", "Hồ", "Huỳnh", "Lê", "Lý", "Ngô", "Nguyễn", "Phạm", "Phan", "Trần", "Võ",
    "Vũ",
];

pub(crate) const KHMER_WOMEN: Given =
    all_ages(&["Bopha", "Chanthou", "Kunthea", "Maly", "Phally", "Rachana", "Sokha", "Sopheap", "Sreymom", "Vanna"]);
pub(crate) const KHMER_MEN: Given =
    all_ages(&["Bunna", "Dara", "Kosal", "Phirun", "Rithy", "Samnang", "Sokun", "Sophal", "Vuthy", "Veasna"]);
pub(crate) const KHMER_FAMILIES: &[&str] =
    &["Chea", "Chhim", "Heng", "Keo", "Kim", "Meas", "Ouk", "Pich", "Prak", "Sam", "Seng", "Sok", "Som", "Tep"];

pub(crate) const INDIAN_WOMEN: Given = all_ages(&[
    "Aarti", "Anita", "Asha", "Deepa", "Divya", "Fatima", "Kavita", "Lakshmi", "Meera", "Neha", "Pooja", "Priya",
    "Radha", "Shreya", "Sunita",
]);
pub(crate) const INDIAN_MEN: Given = all_ages(&[
    "Ajay", "Amit", "Anil", "Arjun", "Ashok", "Imran", "Manish", "Nikhil", "Rahul", "Rajesh", "Ravi", "Rohan",
    "Sanjay", "Suresh", "Vikram",
]);
pub(crate) const INDIAN_FAMILIES: &[&str] = &[
    "Agarwal", "Ahmed", "Chaudhary", "Desai", "Gupta", "Iyer", "Joshi", "Khan", "Kumar", "Mehta", "Nair", "Patel",
    "Rao", "Reddy", "Shah", "Sharma", "Singh", "Venkataraman",
];

pub(crate) const ARABIC_WOMEN: Given =
    all_ages(&["Amal", "Dina", "Fatima", "Hala", "Layla", "Maryam", "Nadia", "Noor", "Rania", "Samira", "Yasmin", "Zainab"]);
pub(crate) const ARABIC_MEN: Given =
    all_ages(&["Ahmad", "Ali", "Bassam", "Elias", "Fadi", "Hassan", "Karim", "Khaled", "Omar", "Samir", "Tariq", "Youssef"]);
pub(crate) const ARABIC_FAMILIES: &[&str] =
    &["Abboud", "Al-Masri", "Aziz", "Darwish", "El-Khoury", "Farah", "Haddad", "Hamdan", "Karam", "Mansour", "Nasser", "Saleh"];

/// What some are called instead of their given name.
pub(crate) const NICKNAMES: &[(&str, &str)] = &[
    ("Abigail", "Abby"), ("Alejandro", "Alex"), ("Alexander", "Alex"), ("Andrew", "Drew"), ("Barbara", "Barb"),
    ("Benjamin", "Ben"), ("Charles", "Chuck"), ("Charlotte", "Lottie"), ("Christopher", "Kit"), ("Daniel", "Danny"),
    ("Deborah", "Deb"), ("Dorothy", "Dot"), ("Edward", "Ned"), ("Elizabeth", "Beth"), ("Francisco", "Paco"),
    ("Gerald", "Jerry"), ("Guadalupe", "Lupe"), ("James", "Jim"), ("Jessica", "Jess"), ("José", "Pepe"),
    ("Joseph", "Joe"), ("Josefina", "Fina"), ("Judith", "Judy"), ("Kathleen", "Kathy"), ("Lawrence", "Larry"),
    ("Leonard", "Len"), ("Margaret", "Peg"), ("María", "Mari"), ("Matthew", "Matt"), ("Michael", "Mike"),
    ("Nicholas", "Nick"), ("Patricia", "Trish"), ("Rebecca", "Becca"), ("Richard", "Rick"), ("Robert", "Bob"),
    ("Ronald", "Ron"), ("Samantha", "Sam"), ("Samuel", "Sam"), ("Stephen", "Steve"), ("Susan", "Sue"),
    ("Theresa", "Terry"), ("Thomas", "Tom"), ("Virginia", "Ginny"), ("William", "Bill"), ("Zachary", "Zach"),
    ("Zoë", "Zo"),
];
