//! Patients: ids and flags in clear, sealed parts, blind indexes.

use crate::db::{Param, Result, StoreError, blobs, ids};
use crate::{Reading, Tx};
use discreet_domain::{Part, PatientId, Sealed, Tag};
use discreet_policy::{AddressStanding, Age};
use uuid::Uuid;

/// What has become of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PatientState {
    /// A patient's.
    Live,
    /// Merged into another.
    Merged,
    /// Erased: the profile key is gone, tags block re-creation.
    Erased,
}

impl PatientState {
    const fn number(self) -> i64 {
        match self {
            PatientState::Live => 1,
            PatientState::Merged => 2,
            PatientState::Erased => 3,
        }
    }
    pub(crate) const fn from_number(n: i64) -> Option<PatientState> {
        match n {
            1 => Some(PatientState::Live),
            2 => Some(PatientState::Merged),
            3 => Some(PatientState::Erased),
            _ => None,
        }
    }
}

/// What a blind index is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyKind {
    /// An identifier: MRN, or a source's row id.
    Identifier,
    /// Family name and birth date.
    Name,
    /// An identifier's number, whoever gave it: what people have before them.
    Number,
}

impl KeyKind {
    const fn number(self) -> i64 {
        match self {
            KeyKind::Identifier => 1,
            KeyKind::Name => 2,
            KeyKind::Number => 3,
        }
    }
}

/// A patient as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the columns of the schema, documented there and in DESIGN")]
pub struct PatientRow {
    pub id: PatientId,
    pub version: u64,
    pub state: PatientState,
    pub merged_into: Option<PatientId>,
    pub deceased: bool,
    pub active: bool,
    pub age: Age,
    pub usps: Option<String>,
    pub restricted: bool,
    pub address_tag: Option<Tag>,
    pub address_standing: AddressStanding,
    pub contact_version: u64,
    pub identity: Option<Sealed>,
    pub facts: Option<Sealed>,
    pub chunks: u64,
}

type Row = (
    Uuid,
    u64,
    i64,
    Option<Uuid>,
    bool,
    bool,
    i64,
    Option<String>,
    bool,
    Option<Vec<u8>>,
    i64,
    u64,
    Option<Vec<u8>>,
    u64,
    Option<Vec<u8>>,
    u64,
    u64,
);

pub(crate) fn tag(bytes: Option<Vec<u8>>) -> Result<Option<Tag>> {
    bytes.map(|b| Tag::from_bytes(&b).ok_or(StoreError::Malformed("a tag"))).transpose()
}

fn patient(r: Row) -> Result<PatientRow> {
    let id = PatientId::from_uuid(r.0);
    let sealed = |part, version, bytes: Option<Vec<u8>>| {
        bytes.map(|bytes| Sealed { patient: id, part, chunk: 0, version, bytes })
    };
    Ok(PatientRow {
        id,
        version: r.1,
        state: PatientState::from_number(r.2).ok_or(StoreError::Malformed("a patient's state"))?,
        merged_into: r.3.map(PatientId::from_uuid),
        deceased: r.4,
        active: r.5,
        age: Age::from_number(r.6).ok_or(StoreError::Malformed("a patient's age"))?,
        usps: r.7,
        restricted: r.8,
        address_tag: tag(r.9)?,
        address_standing: AddressStanding::from_number(r.10)
            .ok_or(StoreError::Malformed("an address's standing"))?,
        contact_version: r.11,
        identity: sealed(Part::Identity, r.13, r.12),
        facts: sealed(Part::Facts, r.15, r.14),
        chunks: r.16,
    })
}

impl Reading {
    /// Who has these keys. A key may be several patients' (a name and birth date).
    ///
    /// # Errors
    /// The database's.
    pub async fn patients_by_keys(&mut self, tags: &[Tag]) -> Result<Vec<(Tag, PatientId)>> {
        let params = [blobs(tags.iter().map(|t| t.to_vec()))];
        let rows: Vec<(Vec<u8>, Uuid)> = self.conn.all("patients.by_keys", &params).await?;
        rows.into_iter()
            .map(|(bytes, id)| {
                let tag = Tag::from_bytes(&bytes).ok_or(StoreError::Malformed("a tag"))?;
                Ok((tag, PatientId::from_uuid(id)))
            })
            .collect()
    }
    /// These patients, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn patients(&mut self, of: &[PatientId]) -> Result<Vec<PatientRow>> {
        let rows: Vec<Row> = self.conn.all("patients.load", &[ids(of.iter().map(|p| p.uuid()))]).await?;
        rows.into_iter().map(patient).collect()
    }
    /// One patient.
    ///
    /// # Errors
    /// The database's.
    pub async fn patient(&mut self, id: PatientId) -> Result<Option<PatientRow>> {
        Ok(self.patients(&[id]).await?.pop())
    }
    /// The next live patients after an id, without their identity.
    ///
    /// # Errors
    /// The database's.
    pub async fn patients_page(&mut self, after: PatientId, limit: u32) -> Result<Vec<PatientRow>> {
        let rows: Vec<Row> =
            self.conn.all("patients.page_facts", &[after.uuid().into(), limit.into()]).await?;
        rows.into_iter().map(patient).collect()
    }
    /// The event chunks of these patients, by patient and chunk.
    ///
    /// # Errors
    /// The database's.
    pub async fn chunks(&mut self, of: &[PatientId]) -> Result<Vec<Sealed>> {
        let params = [ids(of.iter().map(|p| p.uuid()))];
        let rows: Vec<(Uuid, u64, u64, Vec<u8>)> = self.conn.all("patients.chunks", &params).await?;
        rows.into_iter()
            .map(|(id, chunk, version, bytes)| {
                let chunk = u32::try_from(chunk).map_err(|_| StoreError::Malformed("a chunk's number"))?;
                Ok(Sealed { patient: PatientId::from_uuid(id), part: Part::Events, chunk, version, bytes })
            })
            .collect()
    }
    /// Live patients at an address.
    ///
    /// # Errors
    /// The database's.
    pub async fn patients_at(&mut self, address: Tag, limit: u32) -> Result<Vec<PatientId>> {
        let rows: Vec<(Uuid,)> =
            self.conn.all("patients.found_by_address", &[address.to_vec().into(), limit.into()]).await?;
        Ok(rows.into_iter().map(|(id,)| PatientId::from_uuid(id)).collect())
    }
    /// Everyone who was erased.
    ///
    /// # Errors
    /// The database's.
    pub async fn erased_patients(&mut self) -> Result<Vec<PatientId>> {
        let rows: Vec<(Uuid,)> = self.conn.all("patients.erased", &[]).await?;
        Ok(rows.into_iter().map(|(id,)| PatientId::from_uuid(id)).collect())
    }
    /// How many live patients there are.
    ///
    /// # Errors
    /// The database's.
    pub async fn patient_count(&mut self) -> Result<u64> {
        let row: Option<(u64,)> = self.conn.first("patients.count", &[]).await?;
        Ok(row.map_or(0, |(n,)| n))
    }
}

impl Tx {
    /// Locks patients that are about to be read, changed and written back.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock_patients(&mut self, of: &[PatientId]) -> Result<()> {
        let params = [ids(of.iter().map(|p| p.uuid()))];
        self.conn.all::<(Uuid,)>("patients.lock_for_change", &params).await.map(drop)
    }
    /// Locks everyone at these addresses, in whatever state, and these patients besides. In the order of their ids, as all
    /// locks on patients are taken: so two that lock several do not wait for each other for ever.
    ///
    /// # Errors
    /// The database's.
    pub async fn lock_addresses(&mut self, at: &[Tag], besides: &[PatientId]) -> Result<Vec<PatientId>> {
        let params = [blobs(at.iter().map(|t| t.to_vec())), ids(besides.iter().map(|p| p.uuid()))];
        let rows: Vec<(Uuid,)> = self.conn.all("patients.at_addresses", &params).await?;
        Ok(rows.into_iter().map(|(id,)| PatientId::from_uuid(id)).collect())
    }
    /// Writes patients as given, versions included; they count as touched.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_patients(&mut self, patients: Vec<PatientRow>) -> Result<()> {
        let touched: Vec<(PatientId, u64)> = patients.iter().map(|p| (p.id, p.version)).collect();
        let each: Vec<Vec<Param>> = patients.into_iter().map(params_of).collect();
        self.conn.run_each("patients.put", &each).await?;
        self.touched.extend(touched);
        Ok(())
    }
    /// Writes event chunks, and drops those from a number on: the patient's last chunks may have gone.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_chunks(&mut self, chunks: Vec<Sealed>, drop_from: &[(PatientId, u32)]) -> Result<()> {
        let each: Vec<Vec<Param>> = chunks
            .into_iter()
            .map(|c| vec![c.patient.uuid().into(), c.chunk.into(), c.version.into(), c.bytes.into()])
            .collect();
        self.conn.run_each("patients.put_chunk", &each).await?;
        let each: Vec<Vec<Param>> =
            drop_from.iter().map(|(patient, from)| vec![patient.uuid().into(), (*from).into()]).collect();
        self.conn.run_each("patients.drop_chunks_from", &each).await.map(drop)
    }
    /// Adds keys by which patients are found.
    ///
    /// # Errors
    /// The database's.
    pub async fn put_keys(&mut self, keys: &[(Tag, PatientId, KeyKind)]) -> Result<()> {
        let each: Vec<Vec<Param>> = keys
            .iter()
            .map(|(tag, patient, kind)| {
                vec![tag.to_vec().into(), patient.uuid().into(), kind.number().into()]
            })
            .collect();
        self.conn.run_each("patients.put_key", &each).await.map(drop)
    }
    /// Drops keys of one kind.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_keys(&mut self, patient: PatientId, kind: KeyKind) -> Result<()> {
        self.conn.run("patients.drop_keys", &[patient.uuid().into(), kind.number().into()]).await.map(drop)
    }
    /// All records of one person: this one, those merged into it, and the one it was merged into.
    ///
    /// # Errors
    /// The database's.
    pub async fn one_person(&mut self, patient: PatientId) -> Result<Vec<PatientId>> {
        let rows: Vec<(Uuid,)> = self.conn.all("patients.one_person", &[patient.uuid().into()]).await?;
        Ok(rows.into_iter().map(|(id,)| PatientId::from_uuid(id)).collect())
    }
    /// Marks a patient as merged into another.
    ///
    /// # Errors
    /// The database's.
    pub async fn merge_patient(&mut self, merged: PatientId, survivor: PatientId) -> Result<()> {
        let both = [merged.uuid().into(), survivor.uuid().into()];
        self.conn.run("patients.merge_into", &both).await?;
        self.conn.run("preferences.merge", &both).await.map(drop)
    }
    /// Marks an address as in doubt.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_doubtful(&mut self, patient: PatientId) -> Result<()> {
        self.conn.run("patients.set_doubtful", &[patient.uuid().into()]).await.map(drop)
    }
    /// Notes how sure the address is; mail rendered before leaves no more.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_standing(&mut self, patient: PatientId, standing: AddressStanding) -> Result<()> {
        let params = [patient.uuid().into(), standing.number().into()];
        self.conn.run("patients.set_standing", &params).await.map(drop)
    }
    /// Notes or ends a restriction.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_restricted(&mut self, patient: PatientId, on: bool) -> Result<()> {
        self.conn.run("patients.set_restricted", &[patient.uuid().into(), on.into()]).await.map(drop)
    }
    /// Removes everything sealed and in clear of a patient; id and identifier keys stay, so that the patient is not made
    /// anew by an import.
    ///
    /// # Errors
    /// The database's.
    pub async fn erase_patient(&mut self, patient: PatientId) -> Result<()> {
        self.forget_service(patient).await?;
        self.conn.run("patients.erase", &[patient.uuid().into()]).await?;
        self.conn.run("patients.drop_chunks_from", &[patient.uuid().into(), 0u32.into()]).await?;
        self.conn.run("preferences.drop", &[patient.uuid().into()]).await?;
        self.drop_keys(patient, KeyKind::Name).await
    }
}

fn params_of(p: PatientRow) -> Vec<Param> {
    let (identity_version, facts_version) =
        (p.identity.as_ref().map_or(0, |s| s.version), p.facts.as_ref().map_or(0, |s| s.version));
    vec![
        p.id.uuid().into(),
        p.version.into(),
        p.state.number().into(),
        p.merged_into.map(PatientId::uuid).into(),
        p.deceased.into(),
        p.active.into(),
        p.age.number().into(),
        p.usps.into(),
        p.restricted.into(),
        p.address_tag.map(Tag::to_vec).into(),
        p.address_standing.number().into(),
        p.contact_version.into(),
        p.identity.map(|s| s.bytes).into(),
        identity_version.into(),
        p.facts.map(|s| s.bytes).into(),
        facts_version.into(),
        p.chunks.into(),
    ]
}
