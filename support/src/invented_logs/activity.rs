//! The Activity Log of a subscription, in the form in which Event Hubs carry it.

use super::{
    book::{Book, Log, Record},
    claims,
    clock::Moment,
    dice,
    estate::TENANT,
    object::Object,
    people::{Identity, Sort},
};

/// How many numbers of the dice are in a record, besides its correlation id.
const ROLLS: usize = 2;

/// How an operation went. Azure writes one and the same success in two ways.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// It began.
    Start,
    /// It was taken on.
    Accept,
    /// It succeeded, in upper case throughout.
    Success,
    /// It succeeded, in the case of the documentation.
    Succeeded,
    /// It failed.
    Failed,
    /// It succeeded, in a spelling that the rule does not know.
    Lower,
}

impl Step {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Start => ("Start", "Started."),
            Self::Accept => ("Accept", "Accepted.Accepted"),
            Self::Success => ("Success", "Succeeded.OK"),
            Self::Succeeded => ("Succeeded", "Succeeded."),
            Self::Failed => ("Failed", "Failed.Forbidden"),
            Self::Lower => ("success", "Succeeded."),
        }
    }

    /// One way of writing keeps the case of names, the others are upper case.
    fn write(self, name: &str) -> String {
        match self {
            Self::Succeeded => name.to_owned(),
            _ => name.to_uppercase(),
        }
    }
}

impl Book {
    /// One step of an operation on a resource.
    pub(crate) fn activity(&mut self, at: Moment, who: &Identity<'_>, action: &str, scope: &str, step: Step) {
        let correlation = self.dice.guid();
        self.step(at, who, action, scope, step, &correlation);
    }

    /// The steps of an operation, some seconds apart, under one correlation id.
    pub(crate) fn steps(&mut self, at: Moment, who: &Identity<'_>, action: &str, scope: &str, steps: &[Step]) {
        let correlation = self.dice.guid();
        let mut at = at;
        for step in steps {
            self.step(at, who, action, scope, *step, &correlation);
            at = at.plus_ms(self.dice.between(1_000, 4_000));
        }
    }

    fn step(&mut self, at: Moment, who: &Identity<'_>, action: &str, scope: &str, step: Step, correlation: &str) {
        if self.is_brief {
            self.dice.skip(ROLLS);
            return;
        }
        let at = self.fraction(at);
        let (kind, signature) = step.words();
        let identity = Object::new()
            .object("authorization", authorization(who, action, scope))
            .object("claims", claims::in_activity_log(at, who));
        let line = Object::new()
            .text("RoleLocation", "North Europe")
            .text("time", &at.text())
            .text("resourceId", &step.write(scope))
            .text("operationName", &step.write(action))
            .text("category", "Administrative")
            .text("resultType", kind)
            .text("resultSignature", signature)
            .text("durationMs", &self.dice.below(400).to_string())
            .text("callerIpAddress", who.ip)
            .text("correlationId", correlation)
            .object("identity", identity)
            .text("level", level(step))
            .text("location", "northeurope")
            .object("properties", properties(action, scope))
            .text("tenantId", TENANT)
            .finish();
        self.put(Record { at, log: Log::Activity, vault: None, line });
    }
}

fn level(step: Step) -> &'static str {
    match step {
        Step::Failed => "Error",
        _ => "Information",
    }
}

/// The subscription that a resource is in.
fn subscription(scope: &str) -> &str {
    scope.split('/').nth(2).unwrap_or_default()
}

fn authorization(who: &Identity<'_>, action: &str, scope: &str) -> Object {
    let (role, kind) = match who.sort {
        Sort::Person { .. } => ("Contributor", "User"),
        _ => ("Contributor", "ServicePrincipal"),
    };
    let evidence = Object::new()
        .text("role", role)
        .text("roleAssignmentScope", &format!("/subscriptions/{}", subscription(scope)))
        .text("roleAssignmentId", &dice::fingerprint(who.oid))
        .text("roleDefinitionId", &dice::fingerprint(role))
        .text("principalId", &who.oid.replace('-', ""))
        .text("principalType", kind);
    Object::new().text("scope", scope).text("action", action).object("evidence", evidence)
}

fn properties(action: &str, scope: &str) -> Object {
    Object::new()
        .text("eventCategory", "Administrative")
        .text("entity", scope)
        .text("message", action)
        .text("hierarchy", &format!("{TENANT}/{}", subscription(scope)))
}
