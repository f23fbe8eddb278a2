//! `discreet init`, `discreet settings`.

use crate::clock::now;
use crate::output::Out;
use crate::wire::{Failure, Place, Result, leave, token_file};
use clap::{Args, Subcommand};
use discreet_access::{CheckInstallation, ManageUsers, Who};
use discreet_app::{App, Settings};
use secrecy::ExposeSecret;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make an installation and its first user, who holds every role until you add others.
#[derive(Debug, Args)]
pub struct Init {
    /// The name patients know you by.
    #[arg(long, default_value = Settings::UNNAMED)]
    organization: String,
    /// Your postal address, a line each; every mail shows it.
    #[arg(long, value_name = "LINE")]
    address: Vec<String>,
    /// Your telephone number.
    #[arg(long)]
    phone: Option<String>,
    /// Your IANA time zone.
    #[arg(long, default_value = "America/New_York")]
    time_zone: String,
    /// The address your mail comes from.
    #[arg(long, default_value = "news@clinic.example")]
    from: String,
    /// Where the links in your mail lead: where patients reach `discreet serve`.
    #[arg(long, default_value = "https://mail.clinic.example", value_name = "URL")]
    link_base: String,
    /// The first user's name.
    #[arg(long, default_value = "admin", value_name = "NAME")]
    user: String,
    /// Write the recovery kit to this file instead of DIR/recovery-kit.txt.
    #[arg(long, value_name = "FILE")]
    kit: Option<PathBuf>,
    /// Save the first user's token for `--as`.
    #[arg(long)]
    save_token: bool,
}

impl Init {
    pub async fn run(self, place: &Place, out: Out) -> Result<()> {
        let sites = place.sites();
        if sites.keyring.exists() {
            return Err(Failure::Refused(format!(
                "there is an installation already: its keyring is {}",
                sites.keyring.display()
            )));
        }
        for path in [&sites.folder, &parent(&sites.keyring), &place.data_dir.join("shelf")] {
            private_folder(path)?;
        }
        let lines: Vec<&str> = self.address.iter().map(String::as_str).collect();
        let mut settings = Settings::new(&self.organization, &lines, &self.time_zone);
        settings.phone = self.phone;
        settings.from_address = self.from;
        settings.link_base = self.link_base;
        let kit = self.kit.unwrap_or_else(|| place.data_dir.join("recovery-kit.txt"));
        let token = match self.save_token {
            true => Some(token_path(&self.user)?),
            false => None,
        };
        // Everything that may fail comes before what is made and shown once.
        let mut kit_file = reserved(&kit)?;
        let made = match App::make(&sites, &place.new_unlock()?, &settings, &self.user, false, now()).await {
            Ok(made) => made,
            Err(e) => {
                std::fs::remove_file(&kit)?;
                return Err(e.into());
            }
        };
        let written = fill(&mut kit_file, &made.kit);
        let code = made.kit_code.expose_secret();
        let answer = json!({
            "user": self.user,
            "user_id": made.user.to_string(),
            "token": made.token.reveal(),
            "recovery_kit": kit.display().to_string(),
            "recovery_code": code,
        });
        out.answer(&answer, || {
            format!(
                "Made an installation in {dir}.\n\n\
                 Your token, shown this once (you are `{user}`, with every role until you add others):\n\n    {token}\n\n\
                 Recovery kit: {kit}\n\
                 Its code, shown this once:\n\n    {code}\n\n\
                 Move the kit off this machine, keep the code on paper elsewhere, then show that it works:\n\
                 \x20   discreet keys confirm --kit FILE\n\n\
                 Next: discreet users add, discreet import, discreet check",
                dir = place.data_dir.display(),
                user = self.user,
                token = made.token.reveal(),
                kit = kit.display(),
            )
        });
        written?;
        match token {
            Some(file) => Ok(private_file(&file, made.token.reveal())?),
            None => Ok(()),
        }
    }
}

/// The organization's settings.
#[derive(Debug, Subcommand)]
pub enum SettingsVerb {
    /// Show them, as TOML.
    Show,
    /// Replace them by a TOML file's.
    Set {
        /// The file, as `settings show` writes it.
        file: PathBuf,
    },
}

impl SettingsVerb {
    pub async fn run(self, app: &App, who: &Who, out: Out) -> Result<()> {
        match self {
            SettingsVerb::Show => {
                leave(app, who, CheckInstallation).await?;
                let settings = app.settings();
                let value = serde_json::to_value(&settings).unwrap_or_default();
                out.answer(&value, || toml::to_string_pretty(&settings).unwrap_or_default());
            }
            SettingsVerb::Set { file } => {
                let text = crate::config::read(&file)?;
                let settings: Settings =
                    toml::from_str(&text).map_err(|e| Failure::Usage(format!("{}: {e}", file.display())))?;
                let by = leave(app, who, ManageUsers).await?;
                app.set_settings(by, settings, now()).await?;
                out.answer(&json!({ "set": true }), || "Settings replaced.".to_owned());
            }
        }
        Ok(())
    }
}

/// Where the token is saved: in a folder made for it, and not over another one.
fn token_path(user: &str) -> Result<PathBuf> {
    let file =
        token_file(user).ok_or_else(|| Failure::Usage("no place to save the token: set HOME".to_owned()))?;
    private_folder(&parent(&file))?;
    match file.exists() {
        true => Err(Failure::Usage(format!("there is a token at {} already", file.display()))),
        false => Ok(file),
    }
}

fn parent(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new(".")).to_owned()
}

/// A folder that only its owner may look into.
pub fn private_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A new, empty file that only its owner may read.
pub fn reserved(path: &Path) -> Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path);
    file.map_err(|e| Failure::Refused(format!("{} could not be made: {e}", path.display())))
}

/// A new file that only its owner may read.
pub fn private_file(path: &Path, text: &str) -> Result<()> {
    fill(&mut reserved(path)?, text)
}

/// Writes a reserved file, durably.
pub fn fill(file: &mut std::fs::File, text: &str) -> Result<()> {
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}
