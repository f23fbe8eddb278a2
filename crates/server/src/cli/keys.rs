//! `discreet keys`.

use crate::cli::init::{fill, reserved};
use crate::clock::now;
use crate::output::{Out, grouped, table};
use crate::wire::{Failure, Place, Result, environment, leave, new_unlock};
use clap::Subcommand;
use discreet_access::{ManageKeys, Who};
use discreet_app::App;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Rotate keys, issue and confirm recovery kits.
#[derive(Debug, Subcommand)]
pub enum Keys {
    /// The wrapping keys, and how many patients' keys each wraps.
    List,
    /// Rotate the wrapping key while everything runs. Issues a new recovery kit.
    Rotate {
        /// Write the new recovery kit to this file.
        #[arg(long, value_name = "FILE")]
        kit: PathBuf,
    },
    /// Issue a new recovery kit.
    Kit {
        /// Write it to this file.
        file: PathBuf,
    },
    /// Show that a recovery kit opens and is complete. The code comes from DISCREET_KIT_CODE or is asked for.
    Confirm {
        /// The kit's file.
        #[arg(long, value_name = "FILE")]
        kit: PathBuf,
    },
    /// Bring back a keyring that is lost, or whose passphrase is, from its recovery kit. DISCREET_PASSPHRASE, or what you
    /// type, unlocks it from then on. The kit's code comes from DISCREET_KIT_CODE or is asked for.
    Recover {
        /// The kit's file.
        #[arg(long, value_name = "FILE")]
        kit: PathBuf,
    },
    /// Change the passphrase. The new one comes from DISCREET_NEW_PASSPHRASE or is asked for.
    Passphrase,
    /// The DNS records that let receivers check your mail's signatures.
    Dns,
}

impl Keys {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            Keys::List => {
                let keys = app.key_versions(leave(app, who, ManageKeys).await?).await?;
                let rows: Vec<Vec<String>> = keys
                    .iter()
                    .map(|(k, n)| {
                        let current = if k.current { "wraps new keys" } else { "" };
                        vec![k.version.to_string(), grouped(*n), current.to_owned()]
                    })
                    .collect();
                let value: Vec<_> = keys
                    .iter()
                    .map(|(k, n)| json!({ "version": k.version, "current": k.current, "wraps": n }))
                    .collect();
                out.answer(&json!(value), || table(&["version", "wraps", ""], &rows));
            }
            Keys::Rotate { kit } => rotate(app, who, kit, out).await?,
            Keys::Kit { file } => {
                let by = leave(app, who, ManageKeys).await?;
                let mut reserved = reserved(&file)?;
                let kit = app.issue_kit(by, now()).await?;
                fill(&mut reserved, &kit.text)?;
                let code = kit.code.expose_secret();
                let value = json!({ "recovery_kit": file.display().to_string(), "recovery_code": code });
                out.answer(&value, || {
                    format!("Recovery kit: {}\nIts code, shown this once:\n\n    {code}", file.display())
                });
            }
            Keys::Confirm { kit } => {
                let (text, code) = (crate::config::read(&kit)?, kit_code()?);
                app.confirm_kit(leave(app, who, ManageKeys).await?, &text, &code, now()).await?;
                out.answer(&json!({ "confirmed": true }), || {
                    "Confirmed: this kit opens and holds every key. Keep it away from this machine, and the code away from it."
                        .to_owned()
                });
            }
            Keys::Recover { .. } => return Err(Failure::Usage("recovery takes no user".to_owned())),
            Keys::Passphrase => {
                let by = leave(app, who, ManageKeys).await?;
                app.change_unlock(by, &new_unlock("DISCREET_NEW_PASSPHRASE")?, now()).await?;
                out.answer(&json!({ "changed": true }), || {
                    "The keyring opens with the new passphrase only. Start `discreet serve` again with it."
                        .to_owned()
                });
            }
            Keys::Dns => {
                let records = app.dns_records(leave(app, who, ManageKeys).await?, now()).await?;
                out.answer(&json!(records), || {
                    records
                        .iter()
                        .map(|r| format!("{} TXT\n    {}", r.name, r.text))
                        .collect::<Vec<_>>()
                        .join("\n\n")
                });
            }
        }
        Ok(())
    }
}

fn kit_code() -> Result<SecretString> {
    Ok(match environment("DISCREET_KIT_CODE") {
        Some(code) => code.into(),
        None => rpassword::prompt_password("Code of the kit: ")?.into(),
    })
}

/// `keys recover`: nobody is signed in, since without a keyring nobody can be.
pub async fn recover(place: &Place, kit: &Path, out: Out) -> Result<()> {
    let (text, code) = (crate::config::read(kit)?, kit_code()?);
    App::recover(&place.sites(), &place.new_unlock()?, &text, &code, now()).await?;
    out.answer(&json!({ "recovered": true }), || {
        "The keyring is back, and opens with this passphrase. What lay in its place is kept beside it.\n\
         Next: discreet audit verify, discreet check"
            .to_owned()
    });
    Ok(())
}

async fn rotate(app: &App, who: &Who, kit: PathBuf, out: Out) -> Result<()> {
    let bar = out.bar("re-wrapping", "keys");
    let by = leave(app, who, ManageKeys).await?;
    let mut reserved = reserved(&kit)?;
    let rotated = app.rotate_keys(by, now(), &|n| bar.set_position(n)).await?;
    bar.finish_and_clear();
    fill(&mut reserved, &rotated.kit.text)?;
    let code = rotated.kit.code.expose_secret();
    let value = json!({
        "version": rotated.version, "rewrapped": rotated.rewrapped, "retired": rotated.retired,
        "recovery_kit": kit.display().to_string(), "recovery_code": code,
    });
    out.answer(&value, || {
        format!(
            "Key {} wraps now; {} keys were wrapped anew; retired: {:?}.\n\nNew recovery kit: {}\nIts code, shown this once:\n\n    {code}\n\nThe old kit is out of date. Confirm the new one: discreet keys confirm",
            rotated.version,
            grouped(rotated.rewrapped),
            rotated.retired,
            kit.display()
        )
    });
    Ok(())
}
