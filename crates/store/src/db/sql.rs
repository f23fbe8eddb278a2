//! Reads `sql/<noun>.sql`: blocks headed `-- name: word [@postgres] [remark]`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One statement, as each database reads it.
#[derive(Debug, Clone)]
pub(crate) struct Sql {
    pub(crate) sqlite: String,
    pub(crate) postgres: String,
}

/// The statements of all nouns, by `noun.name`.
pub(crate) struct Statements(HashMap<String, Sql>);

static ALL: LazyLock<Statements> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (noun, text) in NOUNS {
        parse(noun, text, &mut all);
    }
    Statements(all)
});

const NOUNS: [(&str, &str); 17] = [
    ("installation", include_str!("../../sql/installation.sql")),
    ("log", include_str!("../../sql/log.sql")),
    ("users", include_str!("../../sql/users.sql")),
    ("accounts", include_str!("../../sql/accounts.sql")),
    ("api", include_str!("../../sql/api.sql")),
    ("drafts", include_str!("../../sql/drafts.sql")),
    ("patients", include_str!("../../sql/patients.sql")),
    ("shelf", include_str!("../../sql/shelf.sql")),
    ("consents", include_str!("../../sql/consents.sql")),
    ("documents", include_str!("../../sql/documents.sql")),
    ("campaigns", include_str!("../../sql/campaigns.sql")),
    ("messages", include_str!("../../sql/messages.sql")),
    ("imports", include_str!("../../sql/imports.sql")),
    ("images", include_str!("../../sql/images.sql")),
    ("vendors", include_str!("../../sql/vendors.sql")),
    ("service", include_str!("../../sql/service.sql")),
    ("preferences", include_str!("../../sql/preferences.sql")),
];

static NONE: Sql = Sql { sqlite: String::new(), postgres: String::new() };

impl Statements {
    /// The statement called `noun.name`. A name that is not there yields an empty statement, which fails when run; a
    /// test runs through every name used.
    pub(crate) fn get(name: &str) -> &'static Sql {
        ALL.0.get(name).unwrap_or(&NONE)
    }
    /// All of them.
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Sql)> {
        ALL.0.iter().map(|(name, sql)| (name.as_str(), sql))
    }
}

fn parse(noun: &str, text: &str, into: &mut HashMap<String, Sql>) {
    for block in text.split("-- name: ").skip(1) {
        let (head, body) = block.split_once('\n').unwrap_or((block, ""));
        let mut words = head.split_whitespace();
        let name = format!("{noun}.{}", words.next().unwrap_or(""));
        let body = body.trim().trim_end_matches(';');
        if words.next() == Some("@postgres") {
            if let Some(sql) = into.get_mut(&name) {
                sql.postgres = for_postgres(body);
            }
        } else {
            into.insert(name, Sql { sqlite: for_sqlite(body), postgres: for_postgres(body) });
        }
    }
}

/// Parameters that may be lists.
const LISTS: [&str; 2] = ["$1", "$2"];

/// `in {ids $1}` is `= any($1)`.
fn for_postgres(body: &str) -> String {
    LISTS.iter().fold(body.to_owned(), |body, n| {
        let any = format!("= any({n})");
        body.replace(&format!("in {{ids {n}}}"), &any).replace(&format!("in {{blobs {n}}}"), &any)
    })
}

/// `in {ids $1}` is a table-valued array; `$1` is `?1`.
fn for_sqlite(body: &str) -> String {
    let body = LISTS.iter().fold(body.to_owned(), |body, n| {
        let array = format!("rarray({n})");
        body.replace(&format!("{{ids {n}}}"), &array).replace(&format!("{{blobs {n}}}"), &array)
    });
    body.replace('$', "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_variants_and_placeholders() {
        let mut all = HashMap::new();
        parse(
            "n",
            "-- name: a  remark\nselect $1 where x in {ids $1} or y in {blobs $2};\n-- name: a @postgres\nselect 2;\n",
            &mut all,
        );
        assert_eq!(all["n.a"].sqlite, "select ?1 where x in rarray(?1) or y in rarray(?2)");
        assert_eq!(all["n.a"].postgres, "select 2");
        assert!(Statements::all().all(|(_, sql)| !sql.sqlite.contains('{') && !sql.postgres.contains('{')));
        assert_eq!(for_postgres("x in {ids $1} or y in {blobs $2}"), "x = any($1) or y = any($2)");
        assert!(Statements::all().count() > 60);
    }
}
