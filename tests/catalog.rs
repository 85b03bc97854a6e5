//! Custom catalogs, and unknown fields.
use freeplay_filter::catalog::{Catalog, CatalogError, Field, Type};
use freeplay_filter::filter::{Op, Scalar};
use freeplay_filter::{Code, Compiler, Error, Filter, compile};

fn code(error: &Error) -> Code {
    error.diagnostics()[0].code()
}

#[test]
fn built_in_catalog_is_valid() {
    let builtin = Catalog::builtin();
    assert_eq!(builtin.to_builder().build().as_ref(), Ok(&*builtin));
    assert!(std::sync::Arc::ptr_eq(&builtin, &Catalog::builtin()), "it is made once");
    for field in builtin.fields() {
        assert!(
            !field.doc().is_empty() && field.operators().iter().chain(field.unlisted_operators().iter()).count() > 0
        );
        assert_eq!(serde_json::json!(field.ty()), field.ty().as_str());
        let compiled = Compiler::new().compile(field.example()).unwrap();
        assert!(
            compiled.warnings.iter().all(|warning| warning.code() == Code::UnlistedOperator),
            "{}",
            field.example()
        );
        let Filter::Field(test) = &compiled.filter else { continue };
        assert!(test.field.starts_with(field.name()), "{} shows {}", field.name(), field.example());
    }
}

#[test]
fn catalogs_can_be_modified() {
    let catalog = Catalog::builtin()
        .to_builder()
        .field(
            Field::new("tenant", Type::Text)
                .with_alias("customer")
                .with_doc("Whose it is")
                .with_example("tenant = acme"),
        )
        .field(Field::new("tags.*", Type::Text).with_operators([Op::Contains]))
        .field(Field::new("cost", Type::Number))
        .remove("model")
        .build()
        .unwrap();
    let compiler = Compiler::new().catalog(catalog);
    let of = |query: &str| compiler.compile(query).map(|compiled| compiled.filter);
    assert_eq!(of("customer = acme"), Ok(Filter::field("tenant").eq("acme")));
    assert_eq!(of("tags.\"a b\":x"), Ok(Filter::field("tags.a b").contains("x")));
    assert_eq!(of("env = prod"), Ok(Filter::field("environment").eq("prod")));
    // The new field replaced the old one: plain numbers have no `$`, and `between` is a range.
    assert_eq!(code(&of("cost > $5").unwrap_err()), Code::WrongUnit);
    assert_eq!(of("cost between 1 and 2"), Ok(Filter::field("cost").gte(1) & Filter::field("cost").lte(2)));
    assert_eq!(code(&of("model = a").unwrap_err()), Code::UnknownField);
    assert_eq!(code(&of("tenant contains a").unwrap_err()), Code::UnsupportedOperator);
    assert_eq!(compiler.raise(&Filter::field("tenant").eq("acme")).unwrap().to_string(), "tenant = acme");
}

#[test]
fn catalogs_are_read_from_json() {
    let json = r#"[
        {"name": "size", "type": "number", "aliases": ["s"], "values": [5, 0.5, "many"], "doc": "Bytes", "example": "size > 5"},
        {"name": "labels.*", "type": "text", "operators": ["contains"], "unlisted_operators": ["eq"]}
    ]"#;
    let catalog: Catalog = serde_json::from_str(json).unwrap();
    assert_eq!(catalog.get("s").map(Field::name), Some("size"));
    assert_eq!(catalog.get("s").unwrap().values(), [Scalar::from(5), Scalar::from(0.5), Scalar::from("many")]);
    let again: Catalog = serde_json::from_value(serde_json::to_value(&catalog).unwrap()).unwrap();
    assert_eq!(again, catalog);
    let compiler = Compiler::new().catalog(catalog);
    assert_eq!(compiler.compile("s > 5").unwrap().filter, Filter::field("size").gt(5));
    assert_eq!(code(&compiler.clone().strict(true).compile("labels.a = b").unwrap_err()), Code::UnlistedOperator);

    for (json, message) in [
        (
            r#"[{"name": "a", "type": "text"}, {"name": "b", "type": "text", "aliases": ["a"]}]"#,
            "the name or alias `a` is used twice",
        ),
        (r#"[{"name": "", "type": "text"}]"#, "empty name"),
        (r#"[{"name": "a", "type": "text", "operators": ["gt"]}]"#, "cannot take `gt`"),
        (r#"[{"name": "a", "type": "color"}]"#, "unknown variant `color`"),
        (r#"[{"name": "a", "type": "text", "values": [true]}]"#, "can only contain strings and numbers"),
        (r#"[{"name": "a", "type": "text", "kind": 1}]"#, "unknown field `kind`"),
    ] {
        let error = serde_json::from_str::<Catalog>(json).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// A field may have any operators, and no others are suggested.
#[test]
fn any_operators_are_accepted() {
    let catalog = Catalog::builder()
        // Duplicate operators are accepted.
        .field(Field::new("size", Type::Number).with_operators([Op::Gte, Op::Gte]))
        .build()
        .unwrap();
    let compiler = Compiler::new().catalog(catalog);
    assert_eq!(compiler.compile("size in 5..").map(|compiled| compiled.filter), Ok(Filter::field("size").gte(5)));
    for query in ["size in 5..6", "size = 5", "size in (5, 6)", "size contains 5", "size contains any (5, 6)"] {
        let error = compiler.compile(query).unwrap_err();
        let [found] = error.diagnostics() else { panic!("{query}: {error}") };
        assert_eq!(found.code(), Code::UnsupportedOperator, "{query}");
        assert_eq!((found.help.as_deref(), found.fixes.len()), (Some("it takes `>=`"), 0), "{query}");
    }
}

/// A field of type `any` takes every operator, and a string or a number.
#[test]
fn any_type_takes_every_operator() {
    let catalog = Catalog::builder().field(Field::new("size", Type::Any)).build().unwrap();
    let compiler = Compiler::new().catalog(catalog);
    let size = || Filter::field("size");
    for (query, filter) in [
        ("size = 5", size().eq(5)),
        ("size = large", size().eq("large")),
        ("size > 5", size().gt(5)),
        ("size <= large", size().lte("large")),
        ("size contains large", size().contains("large")),
        ("size between 1 and 5", size().between(1, 5)),
    ] {
        assert_eq!(compiler.compile(query).map(|compiled| compiled.filter), Ok(filter), "{query}");
    }
    // `between` takes numbers in the API.
    assert_eq!(code(&compiler.compile("size between small and large").unwrap_err()), Code::InvalidNumber);
}

/// Every type has the same name in JSON.
#[test]
fn types_have_names() {
    let all = [Type::Text, Type::Uuid, Type::Number, Type::Usd, Type::Seconds, Type::Time, Type::Score, Type::Any];
    for ty in all {
        let json = format!("\"{}\"", ty.as_str());
        assert_eq!(serde_json::to_string(&ty).unwrap(), json);
        assert_eq!(serde_json::from_str::<Type>(&json).unwrap(), ty);
    }
}

/// The known values are what may be meant by a value that cannot be searched for.
#[test]
fn known_values_are_candidates() {
    let sizes = [Scalar::from("large"), Scalar::from("not so large"), Scalar::from(5)];
    let field = sizes.into_iter().fold(Field::new("size", Type::Text), Field::with_value);
    let compiler = Compiler::new().catalog(Catalog::builder().field(field).build().unwrap());
    for query in ["size = null", "size = lar*"] {
        let error = compiler.compile(query).unwrap_err();
        assert_eq!(error.diagnostics()[0].candidates, ["large", "\"not so large\"", "5"], "{query}");
    }
}

#[test]
fn invalid_catalogs_are_rejected() {
    let build = |field: Field| Catalog::builtin().to_builder().field(field).build().unwrap_err();
    assert_eq!(
        build(Field::new("new", Type::Text).with_alias("env")),
        CatalogError::DuplicateName { name: "env".to_owned() }
    );
    assert_eq!(build(Field::new("env", Type::Text)), CatalogError::DuplicateName { name: "env".to_owned() });
    assert_eq!(build(Field::new(".*", Type::Text)), CatalogError::EmptyName);
    for (ty, op) in
        [(Type::Text, Op::Gt), (Type::Uuid, Op::Contains), (Type::Time, Op::Between), (Type::Usd, Op::Contains)]
    {
        let unsuitable = CatalogError::UnsuitableOperator { field: "new".to_owned(), op };
        assert_eq!(build(Field::new("new", ty).with_operators([op])), unsuitable);
        assert_eq!(build(Field::new("new", ty).with_unlisted_operators([op])), unsuitable);
    }
}

/// The longest matching name wins, and the rest is the key.
#[test]
fn longest_name_wins() {
    let catalog = Catalog::builder()
        .field(Field::new("a.*", Type::Text))
        .field(Field::new("a.b.*", Type::Number))
        .field(Field::new("a.b.c", Type::Text))
        .field(Field::new("meta.*", Type::Text).with_alias("metadata").with_alias("m.eta"))
        .build()
        .unwrap();
    let compiler = Compiler::new().catalog(catalog);
    for (query, filter) in [
        ("a.x = 1", Filter::field("a.x").eq("1")),
        ("a.b.x = 1", Filter::field("a.b.x").eq(1)),
        ("a.b.c = 1", Filter::field("a.b.c").eq("1")),
        ("a.bc.d = 1", Filter::field("a.bc.d").eq("1")),
        ("metadata.tier = gold", Filter::field("meta.tier").eq("gold")),
        ("m.eta.tier = gold", Filter::field("meta.tier").eq("gold")),
        ("meta.data.tier = gold", Filter::field("meta.data.tier").eq("gold")),
    ] {
        assert_eq!(compiler.compile(query).map(|compiled| compiled.filter), Ok(filter), "{query}");
    }
    assert_eq!(code(&compiler.compile("a.b = 1").unwrap_err()), Code::MissingKey);
    assert_eq!(code(&compiler.compile("a.b.c.d = 1").unwrap_err()), Code::UnexpectedKey);
}

#[test]
fn unknown_fields_can_be_allowed() {
    assert_eq!(code(&compile("tenant = 5").unwrap_err()), Code::UnknownField);
    let open = Compiler::new().allow_unknown_fields(true);
    for (query, filter) in [
        ("tenant = 5", Filter::field("tenant").eq(5)),
        ("tenant = \"5\"", Filter::field("tenant").eq("5")),
        ("tenant:acme", Filter::field("tenant").eq("acme")),
        ("\"a b\".c contains x", Filter::field("a b.c").contains("x")),
        ("size between 1 and 2", Filter::field("size").between(1, 2)),
        ("size in 1..2", Filter::field("size").gte(1) & Filter::field("size").lte(2)),
        ("cost > $5", Filter::field("cost").gt(5)),
    ] {
        assert_eq!(
            open.compile(query).map(|compiled| (compiled.filter, compiled.warnings)),
            Ok((filter, vec![])),
            "{query}"
        );
    }
    assert_eq!(code(&open.compile("meta = 5").unwrap_err()), Code::MissingKey);
}
