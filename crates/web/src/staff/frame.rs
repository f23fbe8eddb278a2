//! What surrounds every staff page: where one is, who one is, what hangs over everything.

use crate::assets;
use crate::site::Site;
use crate::staff::error::Result;
use crate::staff::signed::Signed;
use discreet_access::ActionName;

/// A part of the app, as the navigation names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Section {
    Home,
    Segments,
    Campaigns,
    Approvals,
    Patients,
    Imports,
    Consents,
    Audit,
    Settings,
    /// One's own page: not in the navigation.
    Me,
}

impl Section {
    const fn place(self) -> (&'static str, &'static str) {
        match self {
            Section::Home => ("Home", "/"),
            Section::Segments => ("Segments", "/segments"),
            Section::Campaigns => ("Campaigns", "/campaigns"),
            Section::Approvals => ("Approvals", "/approvals"),
            Section::Patients => ("Patients", "/patients"),
            Section::Imports => ("Imports", "/imports"),
            Section::Consents => ("Consents", "/consents"),
            Section::Audit => ("Audit", "/audit"),
            Section::Settings => ("Settings", "/settings"),
            Section::Me => ("Your account", "/me"),
        }
    }
    /// Any of these opens something of it.
    const fn takes(self) -> &'static [ActionName] {
        match self {
            Section::Home | Section::Me => &[],
            Section::Segments => &[ActionName::ListSegments],
            Section::Campaigns => &[ActionName::ReadReport],
            Section::Approvals => &[ActionName::ApproveCampaign],
            Section::Patients => &[ActionName::FindPatient],
            Section::Imports => &[ActionName::ListImports],
            Section::Consents => &[ActionName::ReadTopics],
            Section::Audit => &[ActionName::ReadAudit, ActionName::VerifyAudit],
            Section::Settings => &[
                ActionName::ManageUsers,
                ActionName::SetRelay,
                ActionName::ManageVendors,
                ActionName::CheckInstallation,
            ],
        }
    }
    fn is_for(self, signed: &Signed) -> bool {
        self == Section::Home || self.takes().iter().any(|action| signed.can(*action))
    }
    /// The navigation, in order.
    const ALL: [Section; 9] = [
        Section::Home,
        Section::Segments,
        Section::Campaigns,
        Section::Approvals,
        Section::Patients,
        Section::Imports,
        Section::Consents,
        Section::Audit,
        Section::Settings,
    ];
}

/// A link of the navigation.
#[derive(Debug)]
pub(crate) struct NavLink {
    pub(crate) name: &'static str,
    pub(crate) href: &'static str,
    pub(crate) current: bool,
    /// How many wait there.
    pub(crate) waiting: u64,
}

/// What surrounds every staff page.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) organization: String,
    pub(crate) nav: Vec<NavLink>,
    pub(crate) person: Option<Person>,
    pub(crate) form_token: String,
    pub(crate) demo: bool,
    /// It has a mailbox that can be looked into from here.
    pub(crate) mailbox: bool,
    /// All sending is stopped.
    pub(crate) stopped: bool,
    pub(crate) theme: Option<String>,
    pub(crate) files: assets::StaffFiles,
}

/// Who sees the page.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) roles: String,
    pub(crate) can_stop: bool,
    pub(crate) can_resume: bool,
    pub(crate) can_find: bool,
    /// Seconds until the session ends unless it is used.
    pub(crate) seconds: i64,
}

impl Frame {
    /// For somebody who is signed in.
    pub(crate) async fn of(site: &Site, signed: &Signed, section: Section) -> Result<Frame> {
        let standing = site.app.standing(signed.who()).await?;
        let link = |s: Section| {
            let (name, href) = s.place();
            let waiting = if s == Section::Approvals { standing.approvals } else { 0 };
            NavLink { name, href, current: s == section, waiting }
        };
        let roles: Vec<&str> = signed.who().roles().iter().map(discreet_access::Role::title).collect();
        Ok(Frame {
            organization: site.app.settings().organization,
            nav: Section::ALL.into_iter().filter(|s| s.is_for(signed)).map(link).collect(),
            person: Some(Person {
                name: signed.name().to_owned(),
                roles: roles.join(", "),
                can_stop: signed.can(ActionName::StopSending),
                can_resume: signed.can(ActionName::ResumeSending),
                can_find: signed.can(ActionName::FindPatient),
                seconds: (signed.ends().micros() - site.now().micros()) / 1_000_000,
            }),
            form_token: signed.secret().form_token(),
            demo: site.app.is_demo(),
            mailbox: site.mailbox.is_some(),
            stopped: !standing.sending,
            theme: signed.theme().map(str::to_owned),
            files: assets::staff_files(),
        })
    }
    /// For somebody who is not, or not all the way.
    pub(crate) fn outside(site: &Site, form_token: String) -> Frame {
        Frame {
            organization: site.app.settings().organization,
            nav: Vec::new(),
            person: None,
            form_token,
            demo: site.app.is_demo(),
            mailbox: false,
            stopped: false,
            theme: None,
            files: assets::staff_files(),
        }
    }
}
