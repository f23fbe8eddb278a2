//! `discreet users`.

use crate::clock::now;
use crate::output::{Out, table};
use crate::wire::{Result, leave};
use clap::Subcommand;
use discreet_access::{ActionName, ManageUsers, Role, Roles, Scopes, Who};
use discreet_app::App;
use discreet_app::tokens::ListedToken;
use discreet_domain::TokenId;
use serde_json::json;

fn role(text: &str) -> std::result::Result<Role, String> {
    let names: Vec<&str> = Role::ALL.iter().map(|r| r.name()).collect();
    Role::parse(text).ok_or_else(|| format!("one of: {}", names.join(", ")))
}

fn action(text: &str) -> std::result::Result<ActionName, String> {
    let names: Vec<&str> = ActionName::ALL.iter().map(|a| a.name()).collect();
    ActionName::parse(text).ok_or_else(|| format!("one of: {}", names.join(", ")))
}

fn show_tokens(tokens: &[ListedToken], out: Out) {
    let state = |token: &ListedToken| match token.expires {
        _ if token.revoked => "revoked".to_owned(),
        Some(until) => format!("until {until}"),
        None => String::new(),
    };
    let only = |token: &ListedToken| token.scopes.clone().unwrap_or_default();
    let rows: Vec<Vec<String>> = tokens
        .iter()
        .map(|t| vec![t.user.clone(), t.label.clone(), state(t), only(t), t.id.to_string()])
        .collect();
    let value: Vec<_> = tokens
        .iter()
        .map(|t| json!({ "id": t.id.to_string(), "user": t.user, "for": t.label, "revoked": t.revoked, "only": t.scopes }))
        .collect();
    out.answer(&json!(value), || table(&["user", "for", "", "only", "id"], &rows));
}

/// Add and disable users.
#[derive(Debug, Subcommand)]
pub enum Users {
    /// Add a user; prints a token for them, once.
    Add {
        /// Their name.
        name: String,
        /// A role; may be given several times.
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// All users.
    List,
    /// Replace a user's roles.
    Roles {
        /// Their name.
        name: String,
        /// A role; may be given several times.
        #[arg(long = "role", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// Issue another token to a user; prints it, once.
    Token {
        /// Their name.
        name: String,
        /// What it is for.
        #[arg(long = "for", value_name = "WHAT")]
        label: String,
        /// An action it is limited to; may be given several times. Without: whatever their roles allow.
        #[arg(long = "only", value_name = "ACTION", value_parser = action)]
        only: Vec<ActionName>,
        /// Days for which it is good. Without: until it is revoked.
        #[arg(long)]
        days: Option<u32>,
    },
    /// All tokens, with what they are limited to.
    Tokens,
    /// Revoke a token at once.
    Revoke {
        /// Its id, as `users tokens` shows it.
        id: TokenId,
    },
    /// Disable a user at once.
    Disable {
        /// Their name.
        name: String,
    },
}

impl Users {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        let by = leave(app, who, ManageUsers).await?;
        match self {
            Users::Add { name, roles } => {
                let (user, token) = app.add_user(by, &name, Roles::of(&roles), now()).await?;
                let value = json!({ "user": name, "user_id": user.to_string(), "token": token.reveal() });
                out.answer(&value, || {
                    format!("Added `{name}`. Their token, shown this once:\n\n    {}", token.reveal())
                });
            }
            Users::List => {
                let users = app.users(by).await?;
                let rows: Vec<Vec<String>> = users
                    .iter()
                    .map(|u| {
                        let state = if u.disabled { "disabled" } else { "" };
                        vec![u.name.clone(), u.roles.join(", "), state.to_owned(), u.id.clone()]
                    })
                    .collect();
                out.answer(&json!(users), || table(&["name", "roles", "", "id"], &rows));
            }
            Users::Roles { name, roles } => {
                app.set_roles(by, &name, Roles::of(&roles), now()).await?;
                out.answer(&json!({ "user": name, "roles": Roles::of(&roles).names() }), || {
                    "Done.".to_owned()
                });
            }
            Users::Token { name, label, only, days } => {
                let scopes = if only.is_empty() { Scopes::ALL } else { Scopes::of(&only) };
                let expires = days.map(|days| now().plus_seconds(i64::from(days) * 24 * 3600));
                let (id, token) = app.issue_token(by, &name, &label, scopes, expires, now()).await?;
                let value = json!({ "user": name, "token_id": id.to_string(), "token": token.reveal() });
                out.answer(&value, || {
                    format!("A token for `{name}`, shown this once:\n\n    {}", token.reveal())
                });
            }
            Users::Tokens => show_tokens(&app.tokens(by).await?, out),
            Users::Revoke { id } => {
                app.revoke_token(by, id, now()).await?;
                out.answer(&json!({ "revoked": id.to_string() }), || "It opens nothing any more.".to_owned());
            }
            Users::Disable { name } => {
                app.disable_user(by, &name, now()).await?;
                out.answer(&json!({ "disabled": name }), || format!("`{name}` can act no more."));
            }
        }
        Ok(())
    }
}
