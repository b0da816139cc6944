//! Texts without which a rule cannot match: they say which broken records could hide a match from it.

use std::collections::HashMap;

use rsigma_eval::compiler::{CompiledDetection, CompiledDetectionItem, CompiledRule};
use rsigma_eval::matcher::{CompiledMatcher, GroupMode};
use rsigma_parser::{ConditionExpr, Quantifier};

/// The names of the field that is written into records which came without it.
const CATEGORY: [&str; 2] = ["category", "CategoryValue"];

/// Texts of which one is in whatever matches; `None` where nothing need be.
type Literals = Option<Vec<String>>;

/// The texts of which one is in every record that a rule matches, in any case.
pub(super) fn literals(rule: &CompiledRule) -> Literals {
    either(rule.conditions.iter().map(|condition| of_condition(condition, &rule.detections)))
}

fn of_condition(condition: &ConditionExpr, named: &HashMap<String, CompiledDetection>) -> Literals {
    let of_name = |name: &String| named.get(name).and_then(of_detection);
    match condition {
        ConditionExpr::And(all) => best(all.iter().map(|each| of_condition(each, named))),
        ConditionExpr::Or(any) => either(any.iter().map(|each| of_condition(each, named))),
        ConditionExpr::Not(_) | ConditionExpr::Selector { quantifier: Quantifier::Count(0), .. } => None,
        ConditionExpr::Identifier(name) => of_name(name),
        ConditionExpr::Selector { quantifier, pattern } => {
            let selected = named.keys().filter(|name| pattern.matches_detection_name(name)).map(of_name);
            match quantifier {
                Quantifier::All => best(selected),
                Quantifier::Any | Quantifier::Count(_) => either(selected),
            }
        }
    }
}

fn of_detection(detection: &CompiledDetection) -> Literals {
    match detection {
        CompiledDetection::AllOf(items) => best(items.iter().map(of_item)),
        CompiledDetection::AnyOf(any) => either(any.iter().map(of_detection)),
        CompiledDetection::And(all) => best(all.iter().map(of_detection)),
        CompiledDetection::Keywords(matcher) => of_matcher(matcher),
        // Its quantifiers may be true of no element at all.
        CompiledDetection::ArrayMatch { .. } | CompiledDetection::Conditional { .. } => None,
    }
}

fn of_item(item: &CompiledDetectionItem) -> Literals {
    // A table's row has no category, and what a record accessed stands in it in other words.
    let is_derived =
        |field: &str| field.starts_with("accessed.") || CATEGORY.iter().any(|name| field.eq_ignore_ascii_case(name));
    let is_text = item.exists.is_none() && !item.field.as_deref().is_some_and(is_derived);
    if is_text { of_matcher(&item.matcher) } else { None }
}

fn of_matcher(matcher: &CompiledMatcher) -> Literals {
    use CompiledMatcher as M;
    match matcher {
        M::Exact { value, .. }
        | M::Contains { value, .. }
        | M::StartsWith { value, .. }
        | M::EndsWith { value, .. } => (!value.trim().is_empty()).then(|| vec![value.clone()]),
        M::AhoCorasickSet { needles, .. } => either(needles.iter().map(|needle| Some(vec![needle.clone()]))),
        M::AnyOf(any) | M::CaseInsensitiveGroup { children: any, mode: GroupMode::Any } => {
            either(any.iter().map(of_matcher))
        }
        M::AllOf(all) | M::CaseInsensitiveGroup { children: all, mode: GroupMode::All } => {
            best(all.iter().map(of_matcher))
        }
        M::Regex(_)
        | M::RegexSetMatch { .. }
        | M::Cidr(_)
        | M::NumericEq(_)
        | M::NumericGt(_)
        | M::NumericGte(_)
        | M::NumericLt(_)
        | M::NumericLte(_)
        | M::Exists(_)
        | M::FieldRef { .. }
        | M::Null
        | M::BoolEq(_)
        | M::Expand { .. }
        | M::TimestampPart { .. }
        | M::Not(_) => None,
    }
}

/// Of alternatives each has to need a text.
fn either(alternatives: impl Iterator<Item = Literals>) -> Literals {
    let mut all = Vec::new();
    for literals in alternatives {
        all.extend(literals?);
    }
    (!all.is_empty()).then_some(all)
}

/// Of what has to be true together one text is enough: those whose shortest is longest, because they occur least elsewhere.
fn best(together: impl Iterator<Item = Literals>) -> Literals {
    together.flatten().max_by_key(|literals| literals.iter().map(String::len).min())
}
