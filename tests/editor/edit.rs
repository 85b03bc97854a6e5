use freeplay_filter::ast::Expr;
use freeplay_filter::editor::Join;
use freeplay_filter::{Code, Compiler, Filter, Span, parse};
use proptest::collection::vec;
use proptest::prelude::*;

use super::strategies::{config, valid_expr};
use super::{compiler, respelled};

/// Returns the path to every part of a tree, as indices into groups.
fn nodes(expr: &Expr) -> Vec<Vec<usize>> {
    let mut found = vec![vec![]];
    let mut parts: Vec<&Expr> = vec![];
    match expr {
        Expr::All(_) | Expr::Clause(_) | Expr::Text(_) => {}
        Expr::Not(_, part) => parts.push(part),
        Expr::And(_, inside) | Expr::Or(_, inside) => parts.extend(inside),
    }
    for (index, part) in parts.into_iter().enumerate() {
        found.extend(nodes(part).into_iter().map(|rest| [vec![index], rest].concat()));
    }
    found
}

fn at<'e>(expr: &'e Expr<'static>, path: &[usize]) -> &'e Expr<'static> {
    match (expr, path) {
        (Expr::Not(_, part), [_, rest @ ..]) => at(part, rest),
        (Expr::And(_, parts) | Expr::Or(_, parts), [index, rest @ ..]) => at(&parts[*index], rest),
        _ => expr,
    }
}

enum Change {
    Toggle,
    Replace(Expr<'static>),
    Remove,
    And(Expr<'static>),
    Or(Expr<'static>),
}

/// Returns the part that a change applies to: including its negations, unless it is replaced.
fn subject(expr: &Expr<'static>, path: &[usize], change: &Change) -> Vec<usize> {
    let mut path = path.to_vec();
    let most = match change {
        Change::Replace(_) => 0,
        Change::Toggle if matches!(at(expr, &path), Expr::Not(..)) => 0,
        Change::Toggle => 1,
        Change::Remove | Change::And(_) | Change::Or(_) => usize::MAX,
    };
    for _ in 0..most {
        match path.split_last() {
            Some((_, outer)) if matches!(at(expr, outer), Expr::Not(..)) => path = outer.to_vec(),
            _ => break,
        }
    }
    path
}

/// Returns the tree with a part changed; `None` if nothing is left.
fn changed(expr: &Expr<'static>, path: &[usize], change: &Change) -> Option<Expr<'static>> {
    let span = Span::default();
    match (expr, path) {
        (Expr::Not(_, inside), [_, rest @ ..]) => {
            changed(inside, rest, change).map(|inside| Expr::Not(span, Box::new(inside)))
        }
        (Expr::And(_, parts) | Expr::Or(_, parts), [index, rest @ ..]) => {
            let mut parts = parts.clone();
            match changed(&parts[*index], rest, change) {
                Some(part) => parts[*index] = part,
                None => drop(parts.remove(*index)),
            }
            if parts.len() == 1 {
                return parts.pop();
            }
            Some(if matches!(expr, Expr::And(..)) { Expr::And(span, parts) } else { Expr::Or(span, parts) })
        }
        _ => match (expr, change) {
            (_, Change::Replace(new)) => Some(new.clone()),
            (_, Change::Remove) => None,
            (_, Change::And(new)) => Some(Expr::And(span, vec![expr.clone(), new.clone()])),
            (_, Change::Or(new)) => Some(Expr::Or(span, vec![expr.clone(), new.clone()])),
            (Expr::Not(_, inside), Change::Toggle) => Some((**inside).clone()),
            (Expr::Clause(clause), Change::Toggle) if clause.negated => {
                let mut clause = clause.clone();
                clause.negated = false;
                Some(Expr::Clause(clause))
            }
            (_, Change::Toggle) => Some(Expr::Not(span, Box::new(expr.clone()))),
        },
    }
}

proptest! {
    #![proptest_config(config(500))]

    /// An edit of the text equals the change of the tree, and keeps every comment outside the part.
    #[test]
    fn edits_change_the_tree_alike(
        expr in valid_expr(),
        other in valid_expr(),
        spelling in vec(any::<u8>(), 1..40),
        lines in any::<bool>(),
        node in any::<prop::sample::Index>(),
        kind in 0..5,
    ) {
        let mut text = expr.to_string();
        if lines {
            text = parse(&text).unwrap().pretty();
        }
        let text = respelled(&text, &spelling);
        let with = respelled(&other.to_string(), &spelling);
        let query = match parse(&text) {
            Ok(query) => query.into_owned(),
            Err(error) => panic!("{error}"),
        };
        let all = nodes(&query.expr);
        let path = all[node.index(all.len())].clone();
        let span = at(&query.expr, &path).span();
        let other = parse(&with).unwrap().into_owned().expr;
        let change = match kind {
            0 => Change::Toggle,
            1 => Change::Replace(other),
            2 => Change::Remove,
            3 => Change::And(other),
            _ => Change::Or(other),
        };
        let fix = match &change {
            Change::Toggle => query.toggle(span.range()),
            Change::Replace(_) => query.replace(span.range(), &with),
            Change::Remove => query.remove(span.range()),
            Change::And(_) => query.add(span.range(), Join::And, &with),
            Change::Or(_) => query.add(span.range(), Join::Or, &with),
        };
        let subject = subject(&query.expr, &path, &change);
        let expected = changed(&query.expr, &subject, &change);
        let removed = if matches!(change, Change::Toggle) { span } else { at(&query.expr, &subject).span() };
        let result = fix.unwrap().apply(&text);
        let expected = expected.unwrap_or(Expr::All(Span::default()));
        let filter = |text: &str| compiler().compile(text).unwrap_or_else(|error| panic!("{text}\n{error}")).filter;
        prop_assert_eq!(filter(&result), filter(&expected.to_string()), "{:?}\n{:?} {:?} {}\n{:?}\n{}", text, span, kind, with, result, expected);
        let outside = query.comments.iter().filter(|comment| comment.span.end() <= removed.start() || comment.span.start() >= removed.end());
        let kept = parse(&result).unwrap();
        let mut kept = kept.comments.iter().map(|comment| comment.text.trim_end());
        for comment in outside {
            prop_assert!(kept.any(|kept| kept == comment.text.trim_end()), "{:?}\n{:?}", text, result);
        }
    }

    /// A scoped query never matches outside the scope.
    #[test]
    fn scopes_cannot_be_escaped(expr in valid_expr(), scope in valid_expr(), spelling in vec(any::<u8>(), 1..40)) {
        let text = respelled(&expr.to_string(), &spelling);
        let scope = respelled(&scope.to_string(), &spelling);
        let result = parse(&text).unwrap().scope(&scope).unwrap().apply(&text);
        let filter = |text: &str| compiler().compile(text).unwrap().filter;
        prop_assert_eq!(filter(&result), Filter::all_of([filter(&scope), filter(&text)]), "{:?}", result);
    }
}

/// A text with the affected part between two bars.
fn marked(text: &str) -> (String, std::ops::Range<usize>) {
    let start = text.find('¦').unwrap();
    let end = text.rfind('¦').unwrap() - '¦'.len_utf8();
    (text.replace('¦', ""), start..end.max(start))
}

#[test]
fn clauses_are_toggled() {
    for (before, after) in [
        ("¦¦env = prod", "not env = prod"),
        ("not ¦env = prod¦", "env = prod"),
        ("¦not env = prod¦", "env = prod"),
        ("cost > 1 -¦env:prod¦", "cost > 1 env:prod"),
        ("cost > 1&&!¦env:prod¦", "cost > 1&&env:prod"),
        ("(cost > 1)!¦env:prod¦", "(cost > 1) env:prod"),
        ("env ¦!=¦ prod", "env = prod"),
        ("output ¦!~¦ a", "output ~ a"),
        ("model ¦¦not  in (a, b) # c", "model in (a, b) # c"),
        ("¦cost > 1 or env = prod¦", "not (cost > 1 or env = prod)"),
        ("¦(cost > 1 or env = prod)¦", "not (cost > 1 or env = prod)"),
        ("model = a and (¦cost > 1¦ or env = prod)", "model = a and (not cost > 1 or env = prod)"),
        ("# nothing¦¦", "# nothing\nnot *"),
        ("¦*¦", "not *"),
        ("not # why\n ¦env = prod¦", " # why\n env = prod"),
    ] {
        let (text, at) = marked(before);
        let result = parse(&text).unwrap().toggle(at).unwrap().apply(&text);
        assert_eq!(result, after, "{before}");
    }
}

#[test]
fn clauses_are_replaced() {
    for (before, with, after) in [
        ("¦¦env = prod # c", "cost > 1", "cost > 1 # c"),
        // Parentheses around a single clause belong to it.
        ("model = a and(¦env = prod¦)", "cost > 1", "model = a and cost > 1"),
        ("model = a and¦(env = prod)¦", "cost > 1", "model = a and cost > 1"),
        ("not ¦env = prod¦", "cost > 1 cost < 2", "not (cost > 1 cost < 2)"),
        ("-¦env:prod¦", "-env:dev", "-(-env:dev)"),
        ("not ¦env = prod¦", "env = dev", "not env = dev"),
        ("not ¦env = prod¦", "env = dev # c", "not (env = dev # c\n)"),
        ("¦(env = prod)¦cost > 1", "model = a", "model = a cost > 1"),
        ("¦(env = prod)¦cost > 1", "model = a # c", "model = a # c\ncost > 1"),
        ("¦env = prod¦ or cost > 1", "(model = a and env = b)", "(model = a and env = b) or cost > 1"),
        ("model = a or ¦env = prod¦ or cost > 1", "env = dev # last", "model = a or env = dev # last\n or cost > 1"),
        ("model = a or (¦env = prod¦)", "# first\nenv = dev", "model = a or \n# first\nenv = dev"),
        ("¦env = prod¦", "", "*"),
        ("# nothing¦¦", "env = dev", "# nothing\nenv = dev"),
    ] {
        let (text, at) = marked(before);
        let result = parse(&text).unwrap().replace(at, with).unwrap().apply(&text);
        assert_eq!(result, after, "{before}");
    }
}

#[test]
fn clauses_are_removed() {
    for (before, after) in [
        ("¦¦env = prod", ""),
        ("¦env = prod¦ # c", " # c"),
        ("env = prod and ¦not cost > 1¦", "env = prod"),
        ("env = prod and not ¦cost > 1¦ and model = a", "env = prod and model = a"),
        ("¦env = prod¦ and cost > 1", "cost > 1"),
        ("(¦env = prod¦ or cost > 1) and model = a", "(cost > 1) and model = a"),
        ("env = prod ¦cost > 1¦ model = a", "env = prod model = a"),
        ("env = prod and¦(cost > 1)¦model = a", "env = prod model = a"),
        ("env = prod # why\nand ¦cost > 1¦\nand model = a", "env = prod # why\n\nand model = a"),
        ("env = prod and (¦cost > 1¦ # why\n or model = a)", "env = prod and ( # why\n model = a)"),
    ] {
        let (text, at) = marked(before);
        let result = parse(&text).unwrap().remove(at).unwrap().apply(&text);
        assert_eq!(result, after, "{before}");
    }
}

#[test]
fn clauses_are_added() {
    for (before, join, with, after) in [
        ("¦¦env = prod # c", Join::And, "cost > 1", "env = prod and cost > 1 # c"),
        ("¦env = prod or cost > 1¦", Join::And, "model = a", "(env = prod or cost > 1) and model = a"),
        ("¦env = prod or cost > 1¦", Join::Or, "model = a", "env = prod or cost > 1 or model = a"),
        ("¦¦env = prod or cost > 1", Join::And, "model = a", "(env = prod and model = a) or cost > 1"),
        ("¦¦env = prod cost > 1", Join::And, "model = a", "env = prod and model = a cost > 1"),
        ("not ¦env = prod¦", Join::Or, "model = a", "not env = prod or model = a"),
        ("(¦env = prod and cost > 1¦)", Join::And, "model = a", "(env = prod and cost > 1 and model = a)"),
        (
            "¦env = prod¦",
            Join::And,
            "model = a or model = b # or c",
            "env = prod and (model = a or model = b # or c\n)",
        ),
        ("¦¦", Join::And, "model = a", "model = a"),
        ("¦*¦", Join::And, "model = a", "* and model = a"),
    ] {
        let (text, at) = marked(before);
        let result = parse(&text).unwrap().add(at, join, with).unwrap().apply(&text);
        assert_eq!(result, after, "{before}");
    }
}

#[test]
fn queries_are_scoped() {
    for (before, scope, after) in [
        ("", "model = a", "model = a"),
        ("# nothing", "model = a", "# nothing\nmodel = a"),
        ("*", "model = a", "model = a and *"),
        ("cost > 1", "model = a", "model = a and cost > 1"),
        ("cost > 1 and env = b", "model = a", "model = a and cost > 1 and env = b"),
        ("cost > 1 or env = b", "model = a", "model = a and (cost > 1 or env = b)"),
        ("(cost > 1 or env = b)", "model = a", "model = a and (cost > 1 or env = b)"),
        ("cost > 1", "model = a or env = b", "(model = a or env = b) and cost > 1"),
        ("cost > 1", "(model = a or env = b)", "(model = a or env = b) and cost > 1"),
    ] {
        assert_eq!(parse(before).unwrap().scope(scope).unwrap().apply(before), after, "{before}");
    }
}

#[test]
fn invalid_insertions_are_rejected() {
    let query = parse("env = prod").unwrap();
    let error = query.replace(0..0, "cost >").unwrap_err();
    assert_eq!((error.text(), error.diagnostics()[0].code()), ("cost >", Code::ExpectedValue));
    for escape in ["env = dev) or (cost > 0", "env = dev or \"", "(env = dev"] {
        assert!(query.scope(escape).is_err() && query.add(0..0, Join::And, escape).is_err(), "{escape}");
    }
    let deep = format!("{}env = prod", "not ".repeat(60));
    let error = parse(&deep).unwrap().scope("cost > 1").unwrap_err();
    assert_eq!(error.diagnostics()[0].code(), Code::TooDeep);
}

#[test]
fn raised_queries_are_edited_as_printed() {
    let filter = Filter::field("model").eq("a") & Filter::field("cost").gt(1);
    let query = Compiler::new().raise(&filter).unwrap();
    let fix = query.remove(0..0).unwrap();
    assert_eq!(fix.apply(&query.to_string()), "cost > 1");
}
