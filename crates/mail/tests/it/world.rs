//! A clinic, a campaign, a patient.

use discreet_domain::{EmailAddress, Label, MessageId, PatientId, Phi, Timestamp};
use discreet_mail::{
    Body, Draft, Envelope, Footing, Image, Images, Layout, Letterhead, LetterheadDraft, MergeField, OptOut,
    Template, Values, Why,
};

pub const NEWSLETTER: &str = include_str!("../golden/newsletter.draft");
pub const REMINDER: &str = include_str!("../golden/reminder.mjml");
/// A name that must not show where it does not belong.
pub const CANARY: &str = "Zz-Canary";

pub fn letterhead() -> Letterhead {
    Letterhead::check(LetterheadDraft {
        organization: "Lakeside Family Clinic".into(),
        postal_address: vec!["120 Harbor Road".into(), "Lakeside, CA 94110".into()],
        phone: Some("(555) 010-0140".into()),
        from: EmailAddress::parse("news@mail.lakeside.example").unwrap(),
        link_base: "https://mail.lakeside.example".into(),
        website: Some("https://lakeside.example/".into()),
        portal: Some("https://portal.lakeside.example/".into()),
        booking: Some("https://lakeside.example/visits".into()),
        preferences: Some("https://mail.lakeside.example/preferences".into()),
        hosts: vec!["images.lakeside.example".into()],
        accent: None,
    })
    .unwrap()
}

pub fn draft(body: Body) -> Draft {
    Draft {
        subject: "A calmer autumn at {{ organization }}".into(),
        preheader: "New hours, a walk by the lake, and coffee".into(),
        body,
        from_name: "Lakeside Family Clinic".into(),
        reply_to: Some("hello@lakeside.example".into()),
        language: "en".into(),
    }
}

pub fn newsletter() -> Layout {
    let layout = set(NEWSLETTER, &Images::default());
    assert_eq!(layout.label(), Label::L1);
    layout
}

/// A newsletter of these words, which may show these images.
pub fn set(words: &str, images: &Images) -> Layout {
    let draft = draft(Body::Markdown(words.into()));
    let template = Template::check(&draft, letterhead().hosts(), images).unwrap();
    assert_eq!(template.remarks(), []);
    let footing = Footing::new("Clinic news", Why::Subscribed, OptOut::OneClick).unwrap();
    Layout::new(&template, &letterhead(), &footing).unwrap()
}

pub fn reminder() -> Layout {
    let mut draft = draft(Body::Mjml(REMINDER.into()));
    draft.subject = "A note from {{ organization }}".into();
    draft.preheader = String::new();
    let template = Template::check(&draft, letterhead().hosts(), &Images::default())
        .unwrap_or_else(|f| panic!("{}", f[0].message));
    assert_eq!(template.label(), Label::L2);
    let footing = Footing::new("Visits", Why::Care, OptOut::LinkOnly).unwrap();
    Layout::new(&template, &letterhead(), &footing).unwrap()
}

/// A blue square, as somebody would upload it.
pub fn picture() -> Image {
    let blue = image::RgbImage::from_pixel(64, 64, image::Rgb([13, 90, 95]));
    let mut file = std::io::Cursor::new(Vec::new());
    blue.write_to(&mut file, image::ImageFormat::Png).unwrap();
    Image::from_file(file.get_ref()).unwrap()
}

pub fn values() -> Values {
    let phi = |t: &str| Phi::new(t.to_owned());
    Values::new()
        .with(MergeField::PreferredName, phi(&format!("{CANARY} <Ana> & co")))
        .with(MergeField::NextAppointmentDay, phi("Tuesday, December 1"))
        .with(MergeField::NextAppointmentTime, phi("9:30 a.m."))
}

pub fn envelope() -> Envelope {
    Envelope {
        message: MessageId::random(),
        addressee: discreet_policy::Addressee::Patient { patient: PatientId::random(), contact_version: 3 },
        to: Phi::new(EmailAddress::parse("zz-canary@example.org").unwrap()),
        return_path: EmailAddress::parse("bounces@mail.lakeside.example").unwrap(),
    }
}

pub fn now() -> Timestamp {
    Timestamp::parse("2026-11-24T09:00:00Z").unwrap()
}
