//! The current time, and the zone in which days begin.

use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::{Edge, TimeError, utc, within_years};
use crate::diagnostic::{Kind, excerpt};

/// The source of the current time.
#[derive(Clone, Default)]
pub(crate) enum Now {
    #[default]
    System,
    At(Timestamp),
    Asked(Arc<dyn Fn() -> Option<Timestamp> + Send + Sync>),
}

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Now::System => f.write_str("System"),
            Now::At(now) => write!(f, "At({now})"),
            Now::Asked(_) => f.write_str("Asked"),
        }
    }
}

impl Now {
    fn ask(&self) -> Option<Timestamp> {
        match self {
            // The standard library panics on this target.
            Now::System if cfg!(all(target_family = "wasm", target_os = "unknown")) => None,
            Now::System => Timestamp::try_from(SystemTime::now()).ok(),
            Now::At(now) => Some(*now),
            Now::Asked(clock) => clock(),
        }
    }
}

/// The current time and the time zone for resolving times.
#[derive(Clone, Debug)]
pub(crate) struct Clock<'c> {
    source: &'c Now,
    pub(super) zone: &'c TimeZone,
    /// Read at most once, and only for a time that needs it.
    now: OnceCell<Option<Timestamp>>,
}

impl<'c> Clock<'c> {
    pub(crate) fn new(source: &'c Now, zone: &'c TimeZone) -> Clock<'c> {
        Clock { source, zone, now: OnceCell::new() }
    }

    /// Returns a clock for checking only the form of a time.
    pub(crate) fn epoch() -> Clock<'static> {
        static EPOCH: Now = Now::At(Timestamp::UNIX_EPOCH);
        static UTC: TimeZone = TimeZone::UTC;
        Clock::new(&EPOCH, &UTC)
    }

    pub(super) fn now(&self, text: &str) -> Result<Timestamp, TimeError> {
        let help = Some("write an absolute time, as in 2024-06-01T12:00Z");
        let unknown = || TimeError { kind: Kind::NoClock { text: excerpt(text) }, help, fix: None };
        self.now.get_or_init(|| self.source.ask()).ok_or_else(unknown)
    }

    /// Returns the first instant of a day.
    pub(super) fn begin(&self, day: Date) -> Edge {
        let midnight = day.at(0, 0, 0, 0);
        match self.zone.to_ambiguous_timestamp(midnight).offset() {
            AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => {
                utc(midnight, offset)
            }
            // If midnight is skipped, the day begins when the clocks go forward.
            AmbiguousOffset::Gap { before, .. } => {
                let latest = before.to_timestamp(midnight).ok()?;
                let change = self.zone.preceding(latest.checked_add(SignedDuration::from_nanos(1)).ok()?).next()?;
                within_years(Offset::UTC.to_datetime(change.timestamp()))
            }
        }
    }

    pub(super) fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("this zone").to_owned()
    }
}
