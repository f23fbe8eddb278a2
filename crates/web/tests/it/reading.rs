//! Anybody can read them: English at grade 8 or below (Flesch–Kincaid), Spanish at 60 or more (Fernández Huerta).

use crate::clinic::Clinic;
use crate::pages;
use crate::world::World;

const HIGHEST_GRADE: f64 = 8.0;
const LOWEST_EASE: f64 = 60.0;

/// The running text of a page: one line per paragraph, heading or button; the name and address of the organization,
/// the telephone number and the languages' names left out.
pub fn text_of(page: &str) -> String {
    let body = page.split("<main>").nth(1).unwrap();
    let mut text = String::new();
    let mut left_out = 0;
    for piece in body.split('<').skip(1) {
        let (tag, words) = piece.split_once('>').unwrap();
        match tag.split(' ').next().unwrap() {
            "nav" | "address" => left_out += 1,
            "/nav" | "/address" => left_out -= 1,
            "p" | "h1" | "h2" | "button" | "label" | "legend" | "li" | "/p" | "/h1" | "/h2" | "/button"
            | "/label" | "/legend" | "/li" => text.push('\n'),
            _ => {}
        }
        if left_out == 0 && !tag.contains("phone") {
            text.push_str(words);
        }
    }
    text
}

struct Counts {
    sentences: f64,
    words: f64,
    syllables: f64,
}

fn counts(text: &str, syllables: fn(&str) -> usize) -> Counts {
    let (mut sentences, mut words, mut all) = (0, 0, 0);
    for line in text.lines().filter(|line| line.chars().any(char::is_alphabetic)) {
        let parts = line.split_inclusive(['.', '?', '!']).filter(|s| s.chars().any(char::is_alphabetic));
        sentences += parts.count();
        for word in line.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
            words += 1;
            all += syllables(word).max(1);
        }
    }
    Counts {
        sentences: f64::from(sentences as u32),
        words: f64::from(words),
        syllables: f64::from(all as u32),
    }
}

/// Groups of vowels, a silent e at the end not counted: right for four words of five, and errs both ways.
fn english(word: &str) -> usize {
    let word = word.to_lowercase();
    let groups = vowel_groups(&word, "aeiouy");
    let silent = word.ends_with('e') && !word.ends_with("le") && groups > 1;
    groups - usize::from(silent)
}
/// Groups of vowels, an accented í or ú next to another vowel counted apart.
fn spanish(word: &str) -> usize {
    let word = word.to_lowercase();
    vowel_groups(&word, "aeiouáéíóúü") + word.matches("ía").count() + word.matches("aí").count()
}
fn vowel_groups(word: &str, vowels: &str) -> usize {
    let flags: Vec<bool> = word.chars().map(|c| vowels.contains(c)).collect();
    flags.iter().enumerate().filter(|(i, v)| **v && (*i == 0 || !flags[i - 1])).count()
}

fn grade(text: &str) -> f64 {
    let c = counts(text, english);
    0.39 * c.words / c.sentences + 11.8 * c.syllables / c.words - 15.59
}
fn ease(text: &str) -> f64 {
    let c = counts(text, spanish);
    206.84 - 60.0 * c.syllables / c.words - 1.02 * c.words / c.sentences
}

#[test]
fn the_measures_measure() {
    assert!(grade("We went home. The dog ran.") < 2.0);
    assert!(
        grade(
            "Notwithstanding administrative considerations, optional communications terminate immediately."
        ) > 15.0
    );
    assert!(ease("El perro come pan. La casa es roja.") > 80.0);
    assert!(
        ease("Imprescindiblemente, la administración interinstitucional considerará responsabilidades.")
            < 20.0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_easy() {
    let world = World::new().await;
    let clinic = Clinic::new().await;
    for page in pages::all(&world, "en").await.into_iter().chain(clinic.pages("en").await) {
        let text = text_of(&page.body);
        assert!(grade(&text) <= HIGHEST_GRADE, "grade {:.1}: {text}", grade(&text));
    }
    for page in pages::all(&world, "es").await.into_iter().chain(clinic.pages("es").await) {
        let text = text_of(&page.body);
        assert!(ease(&text) >= LOWEST_EASE, "ease {:.1}: {text}", ease(&text));
    }
}
