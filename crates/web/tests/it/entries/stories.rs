//! Every route once, in the order an office would come by them.

use super::walk::{Member, PASSWORD, Session, Walk, between, session_of};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use discreet_access::{Import, Role, SettleUnknown};
use discreet_app::dispatch::Pace;
use discreet_app::import::{Order, Source};
use discreet_domain::{CampaignId, PatientId};
use discreet_mail::LinkPurpose;
use discreet_testkit::world::{NO_MAILBOX, Person as Patient, UNKNOWN, address};

/// The number of a patient whose mailbox is gone.
const DEAD: usize = 7;

/// Walks through everything.
pub async fn all(walk: &mut Walk) {
    ways_in(walk).await;
    let ada = walk.person("zoe", &Role::ALL).await;
    let omar = walk.person("olaf", &[Role::PrivacyOfficer]).await;
    walk.clinic.world.pass(60); // a code is good for one step of time
    confirm(walk, &ada).await;
    let (ada, omar) = (ada.session, omar);
    walk.clinic.world.import(&[Patient::new(DEAD)]).await;
    own_account(walk, &ada).await;
    segments(walk, &ada).await;
    images(walk, &ada).await;
    let campaign = a_campaign(walk, &ada, &omar.session).await;
    let patient = walk.clinic.world.patient(&walk.clinic.people[1].clone()).await;
    record(walk, &omar.session, patient, campaign).await;
    why(walk, &omar.session, patient).await;
    walk.get(&omar.session, "/consents/authorizations").await;
    requests(walk, &omar.session).await;
    consents(walk, &ada).await;
    imports(walk, &ada).await;
    organization(walk, &ada).await;
    people(walk, &ada).await;
    log(walk, &ada).await;
    record_ends(walk, &omar, patient).await;
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn ways_in(walk: &mut Walk) {
    let now = walk.clinic.world.now();
    let link = walk.clinic.world.app.set_up_link(now).await.unwrap().unwrap();
    let path = format!("/setup/{}", link.reveal());
    walk.outside("GET", &path, "").await;
    let fields = format!(
        "name=Ada&email=first%40harbor.example&password={}&organization=Harbor&address=1+Bay+St&time_zone=America%2FLos_Angeles",
        escaped(PASSWORD)
    );
    let first = session_of(&walk.outside("POST", &path, &fields).await);
    walk.get(&first, "/me/second-factor").await;
    let (factor, sealed) = walk.clinic.world.app.fresh_second_factor(&first.0, now).await.unwrap();
    let (sealed, code) = (BASE64_URL_SAFE_NO_PAD.encode(sealed), factor.code(now).unwrap());
    let answer = walk.post(&first, "/me/second-factor", &format!("sealed={sealed}&code={code}")).await;
    let first = session_of(&answer);
    let page =
        walk.post(&first, "/settings/people", "name=Wim&email=wim%40harbor.example&roles=analyst").await.body;
    let link = format!("/welcome/{}", between(&page, "/welcome/", "\"").split('<').next().unwrap());
    walk.outside("GET", &link, "").await;
    walk.outside("POST", &link, &format!("password={}", escaped(PASSWORD))).await;

    let Member { session: gone, codes, .. } = walk.person("gone", &[Role::PrivacyOfficer]).await;
    walk.outside("GET", "/sign-in", "").await;
    let fields = format!("email=gone%40harbor.example&password={}", escaped(PASSWORD));
    let half = session_of(&walk.outside("POST", "/sign-in", &fields).await);
    walk.get(&half, "/sign-in/code").await;
    walk.get(&half, "/sign-in/recovery").await;
    let again = walk.post(&half, "/sign-in/recovery", &format!("code={}", codes[0])).await;
    walk.post(&session_of(&again), "/sign-out", "").await;
    walk.post(&gone, "/sign-out", "").await;
    walk.clinic.world.pass(60);
    let fields = format!("email=first%40harbor.example&password={}", escaped(PASSWORD));
    let half = session_of(&walk.outside("POST", "/sign-in", &fields).await);
    let code = factor.code(walk.clinic.world.now()).unwrap();
    walk.post(&half, "/sign-in/code", &format!("code={code}")).await;
}

async fn confirm(walk: &mut Walk, who: &Member) {
    let code = who.factor.code(walk.clinic.world.now()).unwrap();
    walk.post(&who.session, "/confirm", &format!("shown={code}")).await;
}

async fn own_account(walk: &mut Walk, ada: &Session) {
    for path in ["/me", "/confirm", "/ui", "/", "/stop", "/settings", "/rules"] {
        walk.get(ada, path).await;
    }
    walk.post(ada, "/me/theme", "theme=dark").await;
    walk.post(ada, "/me/stay", "").await;
    walk.post(ada, "/stop", "").await;
    walk.post(ada, "/resume", "").await;
}

async fn segments(walk: &mut Walk, ada: &Session) {
    let draft = walk.leads(ada, "/drafts", "name=Walks&text=age+%3E%3D+18").await;
    walk.get(ada, &format!("{draft}/codes/condition?found=E11")).await;
    for (part, fields) in [
        ("row", "kind=attribute-sex&place=&new=yes&is=female&choice=female&values=female&value=female&op=is"),
        ("act", "act=undo&place="),
        ("topic", "topic=marketing"),
        ("text", "text=age+%3E%3D+18"),
    ] {
        walk.change(ada, &draft, &format!("{draft}/{part}"), fields).await;
    }
    let saved = walk.change(ada, &draft, &format!("{draft}/save"), "name=Walks").await;
    let segment = saved.header("location").to_owned();
    for part in ["", "/counts", "/insights", "/history"] {
        walk.get(ada, &format!("{segment}{part}")).await;
    }
    walk.get(ada, "/segments").await;
    let other = walk.leads(ada, "/drafts", "name=Talks&text=age+%3E%3D+19").await;
    walk.post(ada, &format!("{other}/discard"), "revision=1").await;
}

async fn images(walk: &mut Walk, ada: &Session) {
    walk.picture(ada, "Hill").await;
    let page = walk.get(ada, "/images").await.body;
    let image = format!("/images/{}", between(&page, "src=\"/images/", "\""));
    walk.get(ada, &image).await;
    walk.post(ada, &format!("{image}/remove"), "").await;
}

async fn drafted(walk: &mut Walk, ada: &Session, name: &str) -> String {
    let purpose = walk.leads(ada, "/campaigns", "segment=Walks").await;
    let campaign = purpose.trim_end_matches("/purpose").to_owned();
    let at = |part: &str| format!("{campaign}/{part}");
    let fields = format!("name={name}&topic=marketing&about=own&health=yes&paid=nobody");
    walk.change(ada, &at("purpose"), &at("purpose"), &fields).await;
    let careful = "subject=Autumn+walks&preheader=Refill+House&from_name=Harbor&language=en&b0_kind=text&b0_text=Come+along";
    walk.change(ada, &at("message"), &at("message"), careful).await;
    let page = walk.get(ada, &at("message")).await.body;
    let mark = between(&page, "value=\"keep-", "\"");
    let kept = format!("{careful}&reason-{mark}=The+hall%27s+name&do=keep-{mark}");
    walk.change(ada, &at("message"), &at("message"), &kept).await;
    let letter = "subject=Autumn+walks&preheader=Saturdays&from_name=Harbor&reply_to=&language=en&b0_kind=text&b0_text=Come+along&do=next";
    walk.change(ada, &at("message"), &at("message"), letter).await;
    walk.get(ada, &at("preview")).await;
    walk.change(ada, &at("audience"), &at("audience"), "segment=Walks&do=next").await;
    walk.change(ada, &at("schedule"), &at("schedule"), "how=hand").await;
    walk.change(ada, &at("review"), &at("submit"), "").await;
    campaign
}

async fn approved(walk: &mut Walk, omar: &Session, campaign: &str) {
    let approval = campaign.replace("/campaigns/", "/approvals/");
    let page = walk.get(omar, &approval).await.body;
    let content = between(&page, "name=\"content\" value=\"", "\"").to_owned();
    walk.post(omar, &format!("{approval}/approve"), &format!("read=yes&content={content}")).await;
}

async fn a_campaign(walk: &mut Walk, ada: &Session, omar: &Session) -> CampaignId {
    let campaign = drafted(walk, ada, "Walks").await;
    let approval = campaign.replace("/campaigns/", "/approvals/");
    walk.get(omar, "/approvals").await;
    walk.post(omar, &format!("{approval}/send-back"), "reason=Which+Saturday").await;
    walk.change(ada, &format!("{campaign}/review"), &format!("{campaign}/submit"), "").await;
    let page = walk.get(ada, &format!("{campaign}/review")).await.body;
    let oneself = between(page.split_once("name=\"to\"").unwrap().1, "value=\"", "\"").to_owned();
    walk.post(ada, &format!("{campaign}/test"), &format!("to={oneself}")).await;
    approved(walk, omar, &campaign).await;
    walk.post(ada, &format!("{campaign}/start"), "").await;
    walk.post(ada, &format!("{campaign}/pause"), "").await;
    walk.post(ada, &format!("{campaign}/continue"), "").await;
    let id: CampaignId = campaign.trim_start_matches("/campaigns/").parse().unwrap();
    walk.clinic.relay.answer(&address(1), &[UNKNOWN]);
    walk.clinic.relay.answer(&address(DEAD), &[NO_MAILBOX]);
    walk.clinic.world.round(id, &walk.clinic.relay, Pace::default()).await;
    let by = walk.clinic.world.officer.may(SettleUnknown);
    let unknown = walk.clinic.world.app.unknown_messages(by, id).await.unwrap();
    walk.get(ada, &campaign).await;
    walk.get(ada, &format!("{campaign}/progress")).await;
    walk.post(omar, &format!("{campaign}/settle"), &format!("arrived=yes&message={}", unknown[0])).await;
    let copy = walk.leads(ada, &format!("{campaign}/copy"), "").await;
    assert!(copy.starts_with("/campaigns/"), "{copy}");
    let other = drafted(walk, ada, "Talks").await;
    approved(walk, omar, &other).await;
    walk.post(ada, &format!("{other}/start"), "").await;
    walk.post(ada, &format!("{other}/cancel"), "").await;
    walk.get(ada, "/campaigns").await;
    walk.get(ada, "/campaigns/calendar").await;
    id
}

async fn record(walk: &mut Walk, omar: &Session, patient: PatientId, campaign: CampaignId) {
    let _ = campaign;
    let record = format!("/patients/{patient}");
    let at = |part: &str| format!("{record}/{part}");
    walk.get(omar, "/patients").await;
    let number = walk.clinic.people[1].mrn();
    walk.post(omar, "/patients/find", &format!("by=number&number={number}")).await;
    walk.post(omar, &at("open"), "reason=care&note=called").await;
    let page = walk.get(omar, &record).await.body;
    let fact = between(&page, "name=\"fact\" value=\"", "\"").to_owned();
    for part in ["consents", "messages", "restrictions", "rights", "authorizations/new"] {
        walk.get(omar, &at(part)).await;
    }
    walk.post(omar, &at("sensitive"), "kind=mental_health").await;
    walk.post(omar, &at("fact"), &format!("fact={fact}")).await;
    let grant = "what=in&topic=marketing&channel=email&method=paper&evidence=Signed+at+the+desk";
    walk.post(omar, &at("consents"), grant).await;
    let withdrawal = "what=out&topic=care&channel=email&method=paper";
    walk.post(omar, &at("consents"), withdrawal).await;
    let page = walk.get(omar, &at("consents")).await.body;
    let proof = between(&page, &at("evidence/"), "\"").to_owned();
    walk.get(omar, &at(&format!("evidence/{proof}"))).await;
    let form = "information=Age&discloser=Harbor&recipient=Harbor&purposes=marketing&last_day=2027-12-24&signer=patient\
                &signed_on=2026-11-24&states=revocation&states=conditioning&states=redisclosure";
    walk.post(omar, &at("authorizations"), form).await;
    let page = walk.get(omar, &at("consents")).await.body;
    let signed = page
        .split(&at("authorizations/"))
        .skip(1)
        .map(|rest| rest.split(['"', '/']).next().unwrap().to_owned())
        .find(|id| id != "new")
        .unwrap();
    walk.get(omar, &at(&format!("authorizations/{signed}"))).await;
    walk.post(omar, &at(&format!("authorizations/{signed}/revoke")), "").await;
    let page = walk.get(omar, &at("messages")).await.body;
    // The newest, which was cancelled, comes first.
    let message = page.rsplit(&at("messages/")).next().unwrap().split('"').next().unwrap().to_owned();
    walk.get(omar, &at(&format!("messages/{message}"))).await;
    walk.get(omar, &at(&format!("messages/{message}/mail"))).await;
    walk.post(omar, &at("restrictions"), "on=yes").await;
    let other = escaped(&address(9));
    walk.post(omar, &at("address"), &format!("address={other}")).await;
    walk.post(omar, &at("export"), "").await;
    walk.post(omar, &at("correct"), "attribute=state&value=NV").await;
}

/// Why the patient whose record is open is in a segment or not.
async fn why(walk: &mut Walk, omar: &Session, patient: PatientId) {
    let page = walk.get(omar, "/segments").await.body;
    let segment = between(&page, "href=\"/segments/", "\"").to_owned();
    let at = format!("/segments/{segment}/why");
    walk.get(omar, &at).await;
    let number = walk.clinic.people[1].mrn();
    walk.post(omar, &at, &format!("by=number&number={number}")).await;
    walk.get(omar, &format!("{at}/{patient}")).await;
    walk.post(omar, &format!("{at}/{patient}"), "").await;
    walk.post(omar, &format!("/patients/{patient}/why"), &format!("segment={segment}")).await;
}

async fn consents(walk: &mut Walk, ada: &Session) {
    walk.get(ada, "/consents").await;
    walk.post(ada, "/consents/forms", "name=Desk+form&english=You+decide.&spanish=").await;
    let page = walk.get(ada, "/consents/forms").await.body;
    let form = between(&page, "href=\"/consents/forms/", "\"").to_owned();
    walk.get(ada, &format!("/consents/forms/{form}")).await;
    walk.get(ada, "/consents/ledger?from=2026-01-01&to=2026-12-31&topic=").await;
}

async fn imports(walk: &mut Walk, ada: &Session) {
    let rows = "id,mrn,given,family,birth_date,sex,email,state,zip\n\
                n1,Zz-Canary-1,Zz-Canary,Zz-Canary-N,1961-03-04,F,zz-canary-n1@example.com,CA,94607\n\
                ,Zz-Canary-2,Zz-Canary,,never,F,zz-canary-n2@example.com,CA,94607\n";
    walk.get(ada, "/imports").await;
    walk.get(ada, "/imports/samples/patients.csv").await;
    let other = walk.upload(ada, "patients.csv", rows).await;
    walk.post(ada, &format!("{other}/discard"), "").await;
    let import = walk.upload(ada, "patients.csv", rows).await;
    let at = |part: &str| format!("{import}/{part}");
    walk.get(ada, &at("map")).await;
    walk.post(ada, &at("map"), "do=show").await;
    let from = walk.logged().await;
    walk.post(ada, &at("map"), "do=check").await;
    walk.until("POST /imports/{id}/map", "import_ended", from).await;
    walk.get(ada, &at("check")).await;
    let from = walk.logged().await;
    walk.post(ada, &at("run"), "do=run").await;
    walk.until("POST /imports/{id}/run", "import_ended", from).await;
    walk.get(ada, &at("run")).await;
    walk.get(ada, &at("report")).await;
    walk.post(ada, &at("rejected"), "").await;
}

async fn organization(walk: &mut Walk, ada: &Session) {
    for part in ["organization", "sending", "vendors", "keys", "catalog", "people", "tokens", "webhooks"] {
        walk.get(ada, &format!("/settings/{part}")).await;
    }
    let fields = "organization=Harbor&address=1+Main+Street&time_zone=America%2FLos_Angeles&from=news%40harbor.example&link_base=https%3A%2F%2Fmail.clinic.example&topics=care%3A+Your+visits";
    walk.post(ada, "/settings/organization", fields).await;
    walk.post(ada, "/settings/catalog/labels", "what=plan&label=L3").await;
    let shoes = "name=shoes&title=Shoes&kind=number&basis=demographic&new_label=L1";
    walk.post(ada, "/settings/catalog/attributes", shoes).await;
    walk.post(ada, "/settings/sending", "whose=own").await;
    walk.post(ada, "/settings/sending/dns", "").await;
    walk.post(ada, "/settings/vendors", "name=Relay&purpose=mail&contact=&until=2027-03-01").await;
    let page = walk.get(ada, "/settings/vendors").await.body;
    let vendor = format!("/settings/vendors/{}", between(&page, "href=\"/settings/vendors/", "\""));
    walk.get(ada, &vendor).await;
    walk.post(ada, &vendor, "name=Relay&purpose=mail&contact=&until=2027-04-01").await;
    walk.post(ada, &format!("{vendor}/end"), "").await;
    walk.post(ada, "/settings/keys/rotate", "").await;
    let page = walk.post(ada, "/settings/keys/kit", "").await.body;
    let (kit, code) = (between(&page, "id=\"kit-text\">", "<"), between(&page, "id=\"kit-code\">", "<"));
    let fields = format!("kit={}&code={}", escaped(&kit.replace("&#43;", "+")), escaped(code));
    walk.post(ada, "/settings/keys/confirm", &fields).await;
    walk.post(
        ada,
        "/settings/webhooks",
        "url=https%3A%2F%2Fhooks.harbor.example%2Fx&events=consent.withdrawn",
    )
    .await;
    let page = walk.get(ada, "/settings/webhooks").await.body;
    let hook = between(&page, "action=\"/settings/webhooks/", "\"").to_owned();
    walk.post(ada, &format!("/settings/webhooks/{hook}"), "").await;
}

async fn people(walk: &mut Walk, ada: &Session) {
    walk.post(ada, "/settings/tokens", "user=zoe&label=counts&days=90&only=CountSegment").await;
    let page = walk.get(ada, "/settings/tokens").await.body;
    let revoke = between(&page, "action=\"/settings/tokens/", "\"").to_owned();
    walk.post(ada, &format!("/settings/tokens/{revoke}"), "").await;
    walk.post(ada, "/settings/people", "name=Ana&email=ana%40harbor.example&roles=analyst").await;
    let page = walk.get(ada, "/settings/people").await.body;
    let ana = page.split("href=\"/settings/people/").find(|rest| rest.contains("Ana<")).unwrap();
    let ana = format!("/settings/people/{}", ana.split('"').next().unwrap());
    walk.get(ada, &ana).await;
    walk.post(ada, &format!("{ana}/invitation"), "").await;
    walk.post(ada, &format!("{ana}/roles"), "roles=marketer").await;
    walk.post(ada, &format!("{ana}/disable"), "").await;
}

async fn log(walk: &mut Walk, ada: &Session) {
    for path in ["/audit", "/audit/3", "/audit/3/proof", "/audit/verify", "/audit/checkpoints"] {
        walk.get(ada, path).await;
    }
    walk.post(ada, "/audit/checkpoints", "").await;
    walk.post(ada, "/audit/verify", "checkpoint=").await;
}

/// What nobody could be found for, an import that failed, an address that is dead.
async fn requests(walk: &mut Walk, omar: &Session) {
    let stranger = "topic=marketing&email=zz-canary-stranger%40example.com&given=Zz-Canary&family=Zz-Canary-S&month=1&day=1&year=1980";
    walk.clinic.post("/p/join", stranger).await;
    let link = walk.clinic.mailed(LinkPurpose::Confirm).await.remove(0);
    walk.clinic.post(&link, "").await;
    let page = walk.get(omar, "/").await.body;
    let request = format!("/requests/{}", between(&page, "/requests/", "\""));
    walk.get(omar, &request).await;
    let notice = format!("/notices/{}", between(&page, "action=\"/notices/", "\""));
    walk.post(omar, &notice, "").await;
    // A gzip file that breaks off.
    let folder = walk.clinic.world.write_export(&[]);
    std::fs::write(folder.join("Patient.ndjson.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1]).unwrap();
    let (files, source) = (Source::at(folder), "ehr".to_owned());
    let order = Order { files, source, mapping: None, dry_run: false, batch: false };
    let (world, by) = (&walk.clinic.world, walk.clinic.world.steward.may(Import));
    world.app.import(by, order, &*world.clock(), &|_| {}).await.unwrap_err();
    let page = walk.get(omar, "/").await.body;
    let notice = format!("/imports/notices/{}", between(&page, "action=\"/imports/notices/", "\""));
    walk.post(omar, &notice, "").await;
    let dead = walk.clinic.world.patient(&Patient::new(DEAD)).await;
    walk.post(omar, &format!("/patients/{dead}/open"), "reason=care&note=").await;
    walk.post(omar, &format!("/patients/{dead}/suppression"), "").await;
}

async fn record_ends(walk: &mut Walk, omar: &Member, patient: PatientId) {
    let record = format!("/patients/{patient}");
    confirm(walk, omar).await;
    let omar = &omar.session;
    let number = walk.clinic.people[1].mrn();
    walk.post(omar, &format!("{record}/erase"), &format!("number={number}")).await;
    let other = walk.clinic.world.patient(&walk.clinic.people[2].clone()).await;
    walk.post(omar, &format!("/patients/{other}/open"), "reason=care&note=").await;
    walk.post(omar, &format!("/patients/{other}/close"), "").await;
}
