//! `discreet users`.

use crate::clock::now;
use crate::output::{Out, table};
use crate::wire::{Result, leave};
use clap::Subcommand;
use discreet_access::{ManageUsers, Role, Roles, Who};
use discreet_app::App;
use serde_json::json;

fn role(text: &str) -> std::result::Result<Role, String> {
    let names: Vec<&str> = Role::ALL.iter().map(|r| r.name()).collect();
    Role::parse(text).ok_or_else(|| format!("one of: {}", names.join(", ")))
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
            Users::Disable { name } => {
                app.disable_user(by, &name, now()).await?;
                out.answer(&json!({ "disabled": name }), || format!("`{name}` can act no more."));
            }
        }
        Ok(())
    }
}
