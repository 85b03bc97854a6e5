//! The public API, recorded in a listing, and properties that all public types must have.
//!
//! The listing is created from the source: every public item that can be named from outside, with its
//! implementations, without documentation and bodies. `INSTA_UPDATE=always cargo test --all-features --test api`
//! updates it. A removed or changed line is a breaking change.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Field, Fields, ImplItem, Item, ItemImpl, ItemMod, Type, UseTree, Visibility, parse_quote};

/// The items of a module, and its submodules by name.
struct Module {
    items: Vec<Item>,
    modules: BTreeMap<String, Module>,
}

impl Module {
    /// Reads a module and its submodules, without tests.
    fn read(file: &Path, folder: &Path) -> Module {
        let source = fs::read_to_string(file).unwrap();
        Module::of(syn::parse_file(&source).unwrap().items, folder)
    }

    fn of(items: Vec<Item>, folder: &Path) -> Module {
        let mut module = Module { items: Vec::new(), modules: BTreeMap::new() };
        for item in items.into_iter().filter(|item| !is_test(item)) {
            if let Item::Mod(ItemMod { ident, content, .. }) = &item {
                let name = ident.to_string();
                let inside = folder.join(&name);
                let below = match content {
                    Some((_, items)) => Module::of(items.clone(), &inside),
                    None if inside.join("mod.rs").exists() => Module::read(&inside.join("mod.rs"), &inside),
                    None => Module::read(&inside.with_extension("rs"), &inside),
                };
                module.modules.insert(name, below);
            }
            module.items.push(item);
        }
        module
    }

    fn at(&self, path: &[String]) -> Option<&Module> {
        path.iter().try_fold(self, |module, name| module.modules.get(name))
    }
}

fn is_test(item: &Item) -> bool {
    attributes(item).iter().any(|attribute| attribute == &parse_quote!(#[cfg(test)]))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns the attributes that are part of the public API.
fn shown(attributes: &[Attribute]) -> Vec<Attribute> {
    let is_shown = |attribute: &&Attribute| {
        ["cfg", "derive", "must_use", "non_exhaustive"].iter().any(|name| attribute.path().is_ident(name))
    };
    attributes.iter().filter(is_shown).cloned().collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns each path that a `use` imports, with its local name.
fn uses(tree: &UseTree, path: &[String]) -> Vec<(Vec<String>, String)> {
    let with = |name: String| [path, &[name]].concat();
    match tree {
        UseTree::Path(step) => uses(&step.tree, &with(step.ident.to_string())),
        UseTree::Name(name) => vec![(with(name.ident.to_string()), name.ident.to_string())],
        UseTree::Rename(name) => vec![(with(name.ident.to_string()), name.rename.to_string())],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| uses(tree, path)).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}

/// Returns the features that attributes require.
fn features(attributes: &[Attribute]) -> BTreeSet<String> {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let names = conditions.filter_map(|condition| {
        let condition = condition.meta.require_list().ok()?.tokens.to_string();
        Some(condition.strip_prefix("feature = \"")?.strip_suffix('"')?.to_owned())
    });
    names.collect()
}

/// Whether the documentation names the features that the item needs.
fn names_features(attributes: &[Attribute], features: &BTreeSet<String>) -> bool {
    let lines = attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| {
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) =
            &attribute.meta.require_name_value().ok()?.value
        else {
            return None;
        };
        Some(line.value())
    });
    let text: String = lines.collect();
    features.iter().all(|feature| text.contains(&format!("Needs the feature `{feature}`")))
}

struct Listing<'m> {
    root: &'m Module,
    /// Items that need a feature but do not document it.
    silent: Vec<String>,
    /// Every implementation with the path of its module.
    impls: Vec<(Vec<String>, &'m ItemImpl)>,
    /// The public types, by name.
    types: Vec<String>,
}

impl<'m> Listing<'m> {
    fn gather(&mut self, module: &'m Module, path: &[String]) {
        for item in &module.items {
            if let Item::Impl(item) = item {
                self.impls.push((path.to_vec(), item));
            }
        }
        for (name, below) in &module.modules {
            self.gather(below, &[path, std::slice::from_ref(name)].concat());
        }
    }

    /// Returns the module and the item for a path, resolved from a module. Items created by macros have no name.
    fn resolve(&self, from: &[String], path: &[String]) -> Option<(Vec<String>, &'m Item)> {
        let (name, steps) = path.split_last()?;
        let mut place = match steps.first().map(String::as_str) {
            Some("crate" | "self" | "super") => Vec::new(),
            _ => from.to_vec(),
        };
        for step in steps {
            match step.as_str() {
                "crate" => place.clear(),
                "self" => place = from.to_vec(),
                "super" => place = from[..from.len() - 1].to_vec(),
                _ => place.push(step.clone()),
            }
        }
        let module = self.root.at(&place)?;
        let mut found = None;
        for item in &module.items {
            let matches = match item {
                Item::Struct(item) => item.ident == name,
                Item::Enum(item) => item.ident == name,
                Item::Trait(item) => item.ident == name,
                Item::Type(item) => item.ident == name,
                Item::Const(item) => item.ident == name,
                Item::Fn(item) => item.sig.ident == name,
                Item::Macro(item) => {
                    found = found.or(item.ident.is_none().then_some((place.clone(), self_item(&module.items, item))));
                    false
                }
                Item::Use(item) => {
                    let brought = uses(&item.tree, &[]).into_iter().find(|(_, here)| here == name);
                    if let Some((path, _)) = brought
                        && path.len() > 1
                        && let Some(found) = self.resolve(&place, &path)
                    {
                        return Some(found);
                    }
                    false
                }
                _ => false,
            };
            if matches {
                return Some((place, item));
            }
        }
        found
    }

    fn list(&mut self, path: &[String]) -> Vec<Item> {
        let module = self.root.at(path).unwrap();
        let mut listed = Vec::new();
        for item in &module.items {
            match item {
                Item::Use(item) if is_public(&item.vis) => {
                    for (used, _) in uses(&item.tree, &[]) {
                        match self.resolve(path, &used) {
                            Some((place, found)) => self.item(&place, found, &item.attrs, &mut listed),
                            None => listed.push(Item::Use(item.clone())),
                        }
                    }
                }
                Item::Mod(item) if is_public(&item.vis) => {
                    let inside = self.list(&[path, &[item.ident.to_string()]].concat());
                    let (attrs, name) = (shown(&item.attrs), &item.ident);
                    listed.push(parse_quote!(#(#attrs)* pub mod #name { #(#inside)* }));
                }
                _ => self.item(path, item, &[], &mut listed),
            }
        }
        listed
    }

    /// Returns the features that a module and its parents need.
    fn features_of(&self, path: &[String]) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for (depth, name) in path.iter().enumerate() {
            let around = self.root.at(&path[..depth]).unwrap();
            let module = around.items.iter().find(|item| matches!(item, Item::Mod(item) if item.ident == name));
            all.extend(module.into_iter().flat_map(|module| features(attributes(module))));
        }
        all
    }

    /// Records what needs a feature but does not document it: an item, and the methods of a type.
    fn check_features(&mut self, place: &[String], item: &Item, name: &str) {
        let own = &self.features_of(place) | &features(attributes(item));
        if !names_features(attributes(item), &own) {
            self.silent.push(format!("{}::{name}", place.join("::")));
        }
        let path = [place, &[name.to_owned()]].concat();
        let mut silent = Vec::new();
        for (from, item) in
            self.impls.iter().filter(|(from, item)| item.trait_.is_none() && self.is_of(from, item, &path))
        {
            let around = &self.features_of(from) | &features(&item.attrs);
            for inside in &item.items {
                let ImplItem::Fn(method) = inside else { continue };
                let needed = &(&around | &features(&method.attrs)) - &own;
                if is_public(&method.vis) && !names_features(&method.attrs, &needed) {
                    silent.push(format!("{name}::{}", method.sig.ident));
                }
            }
        }
        self.silent.append(&mut silent);
    }

    /// Returns a public item without its private parts, and its implementations.
    fn item(&mut self, place: &[String], item: &'m Item, around: &[Attribute], listed: &mut Vec<Item>) {
        let original = item;
        let mut item = item.clone();
        let name = match &mut item {
            Item::Struct(item) if is_public(&item.vis) => {
                item.attrs = shown(&[around, &item.attrs].concat());
                hide(&mut item.fields);
                item.ident.to_string()
            }
            Item::Enum(item) if is_public(&item.vis) => {
                item.attrs = shown(&[around, &item.attrs].concat());
                for variant in &mut item.variants {
                    variant.attrs = shown(&variant.attrs);
                    variant.fields.iter_mut().for_each(|field| field.attrs.clear());
                }
                item.ident.to_string()
            }
            Item::Trait(item) if is_public(&item.vis) => {
                item.attrs = shown(&[around, &item.attrs].concat());
                for inside in &mut item.items {
                    if let syn::TraitItem::Fn(method) = inside {
                        method.attrs = shown(&method.attrs);
                        method.default = method.default.as_ref().map(|_| parse_quote!({}));
                    }
                }
                item.ident.to_string()
            }
            Item::Fn(item) if is_public(&item.vis) => {
                item.attrs = shown(&[around, &item.attrs].concat());
                item.block = parse_quote!({});
                String::new()
            }
            Item::Const(item) if is_public(&item.vis) => {
                item.attrs = shown(&[around, &item.attrs].concat());
                String::new()
            }
            Item::Type(item) if is_public(&item.vis) => {
                item.attrs = shown(&[around, &item.attrs].concat());
                String::new()
            }
            Item::Macro(item) if item.ident.is_none() => {
                item.attrs.clear();
                item.mac.tokens = heads(&item.mac.tokens);
                String::new()
            }
            _ => return,
        };
        if matches!(item, Item::Struct(_) | Item::Enum(_)) {
            self.types.push(name.clone());
        }
        listed.push(item);
        if !name.is_empty() {
            self.check_features(place, original, &name);
            let path = [place, &[name]].concat();
            let mut impls: Vec<(String, Item)> = self
                .impls
                .iter()
                .filter(|(from, item)| self.is_of(from, item, &path))
                .filter_map(|(_, item)| outside(item))
                .map(|item| (print(vec![item.clone()]), item))
                .collect();
            impls.sort_by(|left, right| left.0.cmp(&right.0));
            listed.extend(impls.into_iter().map(|(_, item)| item));
        }
    }

    /// Whether an implementation belongs to a type, or is that of a local trait for a foreign type.
    fn is_of(&self, from: &[String], item: &ItemImpl, path: &[String]) -> bool {
        let named = |written: &syn::Path| {
            let written: Vec<String> = written.segments.iter().map(|step| step.ident.to_string()).collect();
            self.resolve(from, &written).map(|(place, _)| [place, written[written.len() - 1..].to_vec()].concat())
        };
        let Type::Path(of) = &*item.self_ty else { return false };
        match (named(&of.path), &item.trait_) {
            (Some(of), _) => of == path,
            (None, Some((_, implemented, _))) => named(implemented).as_deref() == Some(path),
            (None, None) => false,
        }
    }
}

fn self_item<'m>(items: &'m [Item], wanted: &syn::ItemMacro) -> &'m Item {
    items.iter().find(|item| matches!(item, Item::Macro(item) if item == wanted)).unwrap()
}

/// Returns the part before the first comma of each line in a table from which a macro creates items.
fn heads(table: &TokenStream) -> TokenStream {
    let mut in_head = true;
    let is = |token: &TokenTree, wanted| matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted);
    let kept = table.clone().into_iter().filter(|token| {
        in_head = is(token, ';') || in_head && !is(token, ',');
        in_head
    });
    kept.collect()
}

/// Replaces private fields by a mark that there are some.
fn hide(fields: &mut Fields) {
    let private: Field = match fields {
        Fields::Named(_) => parse_quote!(_private: ()),
        _ => Field {
            attrs: Vec::new(),
            vis: Visibility::Inherited,
            mutability: syn::FieldMutability::None,
            ident: None,
            colon_token: None,
            ty: parse_quote!(()),
        },
    };
    let list = match fields {
        Fields::Named(named) => &mut named.named,
        Fields::Unnamed(unnamed) => &mut unnamed.unnamed,
        Fields::Unit => return,
    };
    let all = std::mem::take(list);
    let hidden = all.iter().any(|field| !is_public(&field.vis));
    list.extend(
        all.into_iter().filter(|field| is_public(&field.vis)).map(|field| Field { attrs: Vec::new(), ..field }),
    );
    if hidden {
        list.push(private);
    }
}

/// Returns the public part of an implementation; `None` if there is none.
fn outside(item: &ItemImpl) -> Option<Item> {
    let mut item = item.clone();
    let of_trait = item.trait_.is_some();
    item.attrs = shown(&item.attrs);
    item.items.retain_mut(|inside| match inside {
        ImplItem::Fn(method) => {
            method.attrs = shown(&method.attrs);
            method.block = parse_quote!({});
            !of_trait && is_public(&method.vis)
        }
        ImplItem::Const(constant) => {
            constant.attrs = shown(&constant.attrs);
            !of_trait && is_public(&constant.vis)
        }
        ImplItem::Type(_) => of_trait,
        _ => false,
    });
    (of_trait || !item.items.is_empty()).then_some(Item::Impl(item))
}

fn print(items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File { shebang: None, attrs: Vec::new(), items })
}

/// Returns the listing, the names of all types in it, and the items that do not document their feature.
fn listing() -> (String, Vec<String>, Vec<String>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let root = Module::read(&folder.join("lib.rs"), &folder);
    let mut listing = Listing { root: &root, silent: Vec::new(), impls: Vec::new(), types: Vec::new() };
    listing.gather(&root, &[]);
    let items = listing.list(&[]);
    (print(items), listing.types, listing.silent)
}

#[test]
fn items_document_their_features() {
    assert_eq!(listing().2, Vec::<String>::new());
}

#[test]
fn public_api_is_unchanged() {
    insta::assert_snapshot!("public", listing().0);
}

/// Checks that types are `Send` and `'static`, and returns their names.
macro_rules! shareable {
    ($($(#[$condition:meta])* $type:ty),* $(,)?) => {{
        fn is_shareable<T: Send + Sync + 'static>() {}
        let mut names = Vec::new();
        $(
            $(#[$condition])*
            {
                is_shareable::<$type>();
                names.push(stringify!($type));
            }
        )*
        names
    }};
}

#[test]
fn public_types_are_send_and_static() {
    use freeplay_filter::catalog::{CatalogBuilder, CatalogError, Field, Operators, Type};
    use freeplay_filter::diagnostic::{Kind, Label, Location, Severity};
    use freeplay_filter::explain::{Explanation, Line};
    use freeplay_filter::filter::{Comparison, Condition, FieldFilter, Number, Op, Scalar};
    use freeplay_filter::search::{
        BaseProblem, BaseUrl, Child, ClientScore, CompletionMetadata, CompletionResult, Content, Endpoint,
        EvaluationResults, Header, Message, MetaValue, Page, Pagination, RequestBuilder, RequestError, Role,
        SearchRequest, SessionMetadata, SessionResult, Token, TraceMetadata, TraceResult, Usage,
    };
    use freeplay_filter::span::{Position, Unit};
    use freeplay_filter::*;
    let names = shareable![
        ast::Query<'static>, ast::Expr<'static>, ast::Clause<'static>, ast::Field<'static>, ast::Predicate<'static>,
        ast::Value<'static>, ast::Token<'static>, ast::Comment<'static>, CatalogBuilder, CatalogError, Catalog, Field,
        Operators, Type, Compiled, Compiler, Level, Code, Applicability, Diagnostic, Edit, Error, Fix, Kind, Label, Location, Severity,
        Comparison, Condition, FieldBuilder, FieldFilter, Filter, Number, Op, Scalar, Limits, Parameter, ParameterError,
        Parameters, Position, Span, Unit, BaseProblem, BaseUrl, Child, ClientScore, CompletionMetadata, CompletionResult,
        Content, Endpoint, EvaluationResults, Header, Message, MetaValue, Page<SessionResult>,
        Pagination, RequestBuilder, RequestError, Role,
        SearchRequest, SessionMetadata, SessionResult, Token, TraceMetadata, TraceResult, Usage,
        editor::Completion, editor::CompletionKind, editor::Join, editor::Token, editor::TokenKind, Explanation, Line,
        Truth,
        #[cfg(feature = "render")]
        Drawing,
        #[cfg(feature = "matches")]
        matches::Answer<'static>,
        #[cfg(feature = "matches")]
        matches::Stored<'static>,
        #[cfg(feature = "client")]
        search::Progress,
        #[cfg(feature = "client")]
        search::Results<SessionResult>,
        #[cfg(feature = "client")]
        search::SearchError,
        #[cfg(feature = "client")]
        search::SearchErrorKind,
        #[cfg(feature = "client")]
        search::Client,
        #[cfg(feature = "client")]
        search::ClientBuilder,
        #[cfg(feature = "client")]
        search::RawResult,
        #[cfg(feature = "client")]
        search::Retry,
    ];
    // The listing has the types of all features.
    if cfg!(all(feature = "matches", feature = "client")) {
        let names: Vec<&str> = names.iter().filter_map(|name| name.split('<').next()?.split("::").last()).collect();
        let missing: Vec<String> = listing().1.into_iter().filter(|name| !names.contains(&name.trim())).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
