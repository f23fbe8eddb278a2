//! Mail addresses: all in domains that reach nobody, some missing, some spoilt, each its owner's alone unless shared
//! on purpose.

use crate::cast::{self, Part};
use crate::model::{Mail, Person};
use crate::random::{Dice, Stream};
use crate::tables::words::{DOMAINS, PLACEHOLDERS};

/// Gives the person an address, or the lack of one.
pub(crate) fn address(person: &mut Person, part: Option<&Part>, age: i32, seed: u64) {
    let mut dice = Dice::new(seed, person.index, Stream::Contact);
    let drawn = kind(age, &mut dice);
    person.mail = part.map_or(drawn, |p| p.mail);
    let domain = dice.weighted(&DOMAINS, |row| row.0).1;
    let owner = match &person.guardian {
        Some(guardian) if person.mail == Mail::Guardians => guardian.given,
        _ => person.given,
    };
    let local = local_part(owner, person.family, person.index, &mut dice);
    let good = format!("{local}@{domain}");
    person.email = match person.mail {
        Mail::Own | Mail::Guardians => Some(good.clone()),
        Mail::Untidy => Some(untidy(&local, domain, &mut dice)),
        Mail::Malformed => Some(spoil(&local, domain, &mut dice)),
        Mail::Placeholder => Some(dice.pick(&PLACEHOLDERS).to_owned()),
        Mail::Missing | Mail::Shared => None,
    };
    if part.is_none() && person.mail == Mail::Own && dice.chance(25) {
        person.old_email = Some(format!("old.{good}"));
    }
}

fn kind(age: i32, dice: &mut Dice) -> Mail {
    let missing = match age {
        ..18 => 90,
        18..50 => 65,
        50..65 => 95,
        65..75 => 170,
        _ => 360,
    };
    let (has, at) = (!dice.chance(missing), dice.below(1000));
    match at {
        _ if !has => Mail::Missing,
        0..6 => Mail::Malformed,
        6..12 => Mail::Placeholder,
        12..18 => Mail::Untidy,
        _ if age < 16 => Mail::Guardians,
        _ if age < 18 && at < 850 => Mail::Guardians,
        _ => Mail::Own,
    }
}

/// Ends in the index, which no name does: so no two are alike. The planned patients' are plain.
fn local_part(given: &str, family: &str, index: u32, dice: &mut Dice) -> String {
    let (given, family) = (plain(given), plain(family));
    let initial = given.get(..1).unwrap_or("x");
    if index < cast::PLANNED {
        return format!("{given}.{family}");
    }
    match dice.below(5) {
        0 | 1 => format!("{given}.{family}{index}"),
        2 => format!("{initial}{family}{index}"),
        3 => format!("{family}_{given}{index}"),
        _ => format!("{given}{family}.{index}"),
    }
}

/// The same mailbox as people type it.
fn untidy(local: &str, domain: &str, dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("mailto:{local}@{domain}"),
        1 => format!(" {local}@{} ", domain.to_ascii_uppercase()),
        2 => format!("<{local}@{domain}>"),
        _ => format!("{local}@{domain}\u{200b}"),
    }
}

/// No mailbox at all.
fn spoil(local: &str, domain: &str, dice: &mut Dice) -> String {
    match dice.below(6) {
        0 => format!("{local}@"),
        1 => format!("{local}.{domain}"),
        2 => format!("{local}@@{domain}"),
        3 => format!("{local}@localhost"),
        4 => format!("{local} at {domain}"),
        _ => format!("{local}@{}", domain.replace('.', "..")),
    }
}

/// Lower-case ASCII letters only.
pub(crate) fn plain(name: &str) -> String {
    let letters = name.chars().filter_map(|c| {
        if c.is_ascii_alphabetic() {
            return Some(c.to_ascii_lowercase());
        }
        FOLDED.iter().find(|(from, _)| from.contains(c)).map(|(_, to)| *to)
    });
    letters.collect()
}

const FOLDED: [(&str, char); 15] = [
    ("áàâãäåấầẩẫậắằẳẵặăảạÁÀÂÃÄÅĂ", 'a'),
    ("éèêëếềểễệẻẽẹÉÈÊË", 'e'),
    ("íìîïỉĩịÍÌÎÏ", 'i'),
    ("óòôõöốồổỗộớờởỡợơỏọøÓÒÔÕÖƠ", 'o'),
    ("úùûüứừửữựưủũụÚÙÛÜƯ", 'u'),
    ("ýỳỷỹỵÝ", 'y'),
    ("çÇ", 'c'),
    ("ñÑ", 'n'),
    ("đĐ", 'd'),
    ("šŠ", 's'),
    ("žŽ", 'z'),
    ("łŁ", 'l'),
    ("ğ", 'g'),
    ("ř", 'r'),
    ("ť", 't'),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::origins::ORIGINS;

    #[test]
    fn every_name_in_the_tables_has_a_plain_spelling() {
        for origin in &ORIGINS {
            let lists = [
                origin.women.older,
                origin.women.younger,
                origin.men.older,
                origin.men.younger,
                origin.families,
            ];
            for name in lists.into_iter().flatten() {
                let letters = name.chars().filter(|c| c.is_alphabetic()).count();
                assert_eq!(plain(name).len(), letters, "{name}");
            }
        }
        assert_eq!(plain("Nguyễn"), "nguyen");
        assert_eq!(plain("O'Brien"), "obrien");
    }

    #[test]
    fn spoilt_addresses_are_refused_and_untidy_ones_read() {
        use discreet_domain::EmailAddress;
        let mut dice = Dice::new(1, 1, Stream::Contact);
        for _ in 0..200 {
            let bad = spoil("rosa.diaz", "example.org", &mut dice);
            assert!(EmailAddress::parse(&bad).is_err(), "{bad}");
            let good = untidy("rosa.diaz", "example.org", &mut dice);
            assert_eq!(EmailAddress::parse(&good).unwrap().as_str(), "rosa.diaz@example.org", "{good}");
        }
        for none in PLACEHOLDERS {
            assert!(EmailAddress::parse(none).is_err(), "{none}");
        }
    }
}
