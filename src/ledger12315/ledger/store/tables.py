"""The tables, indexes and guards that the first step of the schema makes."""

# The words are repeated here on purpose: a step keeps what the file refused when it was
# written. A test compares them with words.py.
_FIRST_TYPES = "mall supermarket market enterprise scenic other"
_FIRST_GOODS = (
    "electronics clothing food tobacco_drinks housing daily_goods jewellery_culture medical_goods"
    " vehicles farm_goods"
)
_FIRST_SERVICES = (
    "living renovation tourism leisure postal telecoms internet finance insurance health education"
    " public_facilities sales_service"
)
_PROBLEMS = (
    "quality safety price measure counterfeit contract false_advertising dignity after_sales other"
)
_OUTCOMES = "settled advised mediated mediation_failed withdrawn unreachable other"
_SECTORS = "telecom post power gas water cable_tv hotel restaurant transport consumer_service none"
_RECORDS = "inquiry lead major visit meeting training publicity notice interview"
_FIRST_CONDITIONS = (
    "office sign liaison equipment systems register board records uniform purchase_inspection"
    " promise withdrawal"
)
_REQUESTS = "repair redo replace return make_up refund compensation other"
_WORDED = "source channel kind category problem request rating outcome"
# 1,000 亿元: above it a typing error is certain, and sums stay far inside 64 bits.
_MOST_FEN = 10**13


def _day(name: str, more: str = "") -> str:
    """Return SQL for a column that holds days."""
    return f"{name} TEXT {more} CHECK ({name} IS date({name}))"


def _fen(name: str, more: str = "") -> str:
    return f"{name} INTEGER {more} CHECK ({name} BETWEEN 0 AND {_MOST_FEN})"


def _one_of(name: str, words: str, more: str = "") -> str:
    """Return SQL for a column that holds one of these words."""
    return f"{name} TEXT {more} CHECK ({name} IN ({_sql_words(words)}))"


def _sql_words(words: str) -> str:
    return ", ".join(f"'{word}'" for word in words.split())


def _without(name: str, words: str) -> str:
    """Return SQL for the rest of a list once its words are removed."""
    for word in words.split():
        name = f"replace({name}, '{word}', '')"
    return name


KIND_OF_CATEGORY = f"""CASE WHEN category IN ({_sql_words(_FIRST_GOODS)}) THEN 'goods'
                                  WHEN category IN ({_sql_words(_FIRST_SERVICES)}) THEN 'service'
                                  ELSE 'other' END"""
"""SQL for the kind that follows from a category."""
_POINT_TABLES = (
    """
        CREATE TABLE station (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL CHECK (name <> ''),
            county TEXT NOT NULL CHECK (county <> ''),
            code TEXT
        ) STRICT""",
    # The last entry holds.
    f"""
        CREATE TABLE setting (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL, {_day("since")}
        ) STRICT""",
    f"""
        CREATE TABLE point (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            code TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (code <> ''),
            name TEXT NOT NULL CHECK (name <> ''),
            host TEXT,
            address TEXT,
            area INTEGER CHECK (area >= 0),
            {_fen("capital")},
            {_fen("turnover")},
            stalls INTEGER CHECK (stalls >= 0),
            grade INTEGER CHECK (grade BETWEEN 1 AND 5),
            {_one_of("sector", _SECTORS)},
            {_one_of("eligibility", "meets judged", "NOT NULL")},
            judgement TEXT,
            {_day("since", "NOT NULL")},
            {_day("retired")},
            {_day("filed")},
            filing_no TEXT,
            phone TEXT,
            credit_code TEXT,
            principal TEXT,
            entered TEXT NOT NULL,
            CHECK (filing_no IS NULL OR filed IS NOT NULL),
            CHECK (retired >= since),
            CHECK (eligibility <> 'judged' OR coalesce(judgement, '') <> '')
        ) STRICT""",
    f"""
        CREATE TABLE point_type (
            id INTEGER PRIMARY KEY,
            point_id INTEGER NOT NULL REFERENCES point (id),
            {_one_of("type", _FIRST_TYPES, "NOT NULL")},
            {_day("since", "NOT NULL")},
            {_day("until")},
            UNIQUE (point_id, since),
            CHECK (until >= since)
        ) STRICT""",
    f"""
        CREATE TABLE contact (
            id INTEGER PRIMARY KEY,
            point_id INTEGER NOT NULL REFERENCES point (id),
            {_one_of("role", "liaison officer", "NOT NULL")},
            name TEXT NOT NULL CHECK (name <> ''),
            phone TEXT,
            {_day("since", "NOT NULL")},
            {_day("until")},
            badge TEXT,
            {_one_of("terms", "full_time part_time")},
            CHECK (until >= since)
        ) STRICT""",
    f"""
        CREATE TABLE demonstration (
            id INTEGER PRIMARY KEY,
            point_id INTEGER NOT NULL REFERENCES point (id),
            {_one_of("level", "municipal provincial", "NOT NULL")},
            {_day("since", "NOT NULL")},
            {_day("until")},
            CHECK (until >= since)
        ) STRICT""",
    f"""
        CREATE TABLE former_host (
            id INTEGER PRIMARY KEY,
            point_id INTEGER NOT NULL REFERENCES point (id),
            name TEXT,
            {_day("until", "NOT NULL")},
            UNIQUE (point_id, until)
        ) STRICT""",
    f"""
        CREATE TABLE inspection (
            id INTEGER PRIMARY KEY,
            point_id INTEGER NOT NULL REFERENCES point (id),
            {_day("day", "NOT NULL")},
            inspector TEXT,
            {_one_of("item", _FIRST_CONDITIONS, "NOT NULL")},
            met INTEGER NOT NULL CHECK (met IN (0, 1)),
            lacking TEXT CHECK (lacking IS NULL OR met = 0),
            {_day("updated")},
            remark TEXT,
            CHECK (updated IS NULL OR (item = 'board' AND updated <= day)),
            UNIQUE (point_id, day, item)
        ) STRICT""",
    f"""
        CREATE TABLE point_return (
            id INTEGER PRIMARY KEY,
            point_id INTEGER NOT NULL REFERENCES point (id),
            period TEXT NOT NULL,
            {_day("day", "NOT NULL")},
            {_one_of("state", "received nil totals")},
            totals TEXT CHECK (totals IS NULL OR json_valid(totals)),
            UNIQUE (point_id, period)
        ) STRICT""",
)
_COMPLAINT = f"""
        CREATE TABLE complaint (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            year INTEGER NOT NULL,
            serial INTEGER NOT NULL CHECK (serial > 0),
            number TEXT NOT NULL UNIQUE CHECK (number = printf('%d-%04d', year, serial)),
            point_id INTEGER NOT NULL REFERENCES point (id),
            {_one_of("type", _FIRST_TYPES, "NOT NULL")},
            {_day("received", "NOT NULL")},
            {_one_of("source", "direct referred other", "NOT NULL")},
            referral_no TEXT,
            {_day("referred")},
            {_day("reply_by")},
            {_day("replied")},
            {_one_of("channel", "visit phone online letter other", "NOT NULL")},
            external_no TEXT,
            headcount INTEGER CHECK (headcount BETWEEN 1 AND 1000000),
            complainant TEXT NOT NULL CHECK (complainant <> ''),
            phone TEXT,
            consumer_address TEXT,
            respondent TEXT,
            respondent_contact TEXT,
            respondent_address TEXT,
            respondent_phone TEXT,
            item TEXT NOT NULL CHECK (item <> ''),
            brand TEXT,
            model TEXT,
            quantity TEXT,
            {_day("bought")},
            voucher TEXT,
            {_one_of("kind", "goods service other")},
            {_one_of("category", f"{_FIRST_GOODS} {_FIRST_SERVICES} other")},
            {_one_of("problem", _PROBLEMS, "NOT NULL")},
            {_fen("purchase")},
            {_fen("disputed")},
            facts TEXT NOT NULL,
            request TEXT,
            {_day("promised")},
            handling TEXT,
            agreement TEXT,
            {_day("approved")},
            {_day("perform_by")},
            {_day("performed")},
            {_day("unperformed")},
            {_day("escalated")},
            escalation_reason TEXT,
            {_day("accepted")},
            {_one_of("outcome", _OUTCOMES)},
            {_day("closed")},
            {_fen("recovered")},
            {_fen("multiple_damages")},
            {_day("told")},
            {_day("answered")},
            answered_how TEXT,
            {_one_of("rating", "satisfied basic dissatisfied")},
            {_day("followed_up")},
            followed_up_how TEXT,
            followed_up_by TEXT,
            handler TEXT,
            archive_no TEXT,
            remark TEXT,
            previous_id INTEGER REFERENCES complaint (id),
            -- Equal where a respondent is the same; erasing fills it, see respondents.py.
            respondent_key INTEGER,
            {_day("voided")},
            void_reason TEXT,
            reopen_reason TEXT,
            -- Box -> the word that was said.
            local_words TEXT CHECK (local_words IS NULL OR json_valid(local_words)),
            entered TEXT NOT NULL,
            escalated_entered TEXT,
            closed_entered TEXT,
            UNIQUE (year, serial),
            CHECK (category IS NOT NULL OR kind IS NOT NULL),
            CHECK (category IS NULL
                   OR kind = {KIND_OF_CATEGORY}),
            CHECK (year = CAST(substr(received, 1, 4) AS INTEGER)),
            CHECK (source <> 'referred' OR coalesce(referral_no, '') <> ''),
            CHECK (source <> 'direct' OR (referral_no IS NULL AND referred IS NULL
                                          AND reply_by IS NULL AND replied IS NULL)),
            CHECK (trim({_without("request", _REQUESTS)}, ',') = ''),
            CHECK (referred <= received),
            CHECK (replied >= received),
            CHECK (bought <= received),
            CHECK (promised >= received),
            CHECK (approved >= received),
            CHECK (perform_by >= received),
            CHECK (performed >= received),
            CHECK (unperformed IS NULL OR (performed IS NULL AND unperformed >= received)),
            CHECK (escalated >= received),
            CHECK ((escalated IS NULL) = (escalation_reason IS NULL)),
            CHECK (accepted IS NULL OR (escalated IS NOT NULL AND accepted >= escalated)),
            CHECK ((closed IS NULL) = (outcome IS NULL)),
            CHECK (closed >= received),
            CHECK (closed >= escalated),
            CHECK (told >= received),
            CHECK (answered >= received),
            CHECK (followed_up >= received),
            CHECK (voided >= received),
            CHECK (outcome <> 'advised' OR (told IS NOT NULL AND told <= closed)),
            CHECK (outcome <> 'other' OR coalesce(remark, '') <> ''),
            CHECK (closed IS NOT NULL OR (coalesce(recovered, 0) = 0 AND rating IS NULL)),
            CHECK (multiple_damages <= coalesce(recovered, 0)),
            CHECK ((voided IS NULL) = (void_reason IS NULL))
        ) STRICT"""
_OTHER_TABLES = (
    f"""
        CREATE TABLE record (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            {_one_of("kind", _RECORDS, "NOT NULL")},
            point_id INTEGER REFERENCES point (id),
            {_one_of("type", _FIRST_TYPES, "NOT NULL")},
            {_day("day", "NOT NULL")},
            count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 1000000),
            text TEXT,
            respondent TEXT,
            agency TEXT,
            {_day("reported")},
            place TEXT,
            host TEXT,
            attended TEXT,
            interviewed TEXT,
            raised TEXT,
            decided TEXT,
            result TEXT,
            promised TEXT,
            {_day("promised_by")},
            {_day("fulfilled")},
            complaint_id INTEGER REFERENCES complaint (id),
            complaints TEXT,
            {_day("voided")},
            void_reason TEXT,
            entered TEXT NOT NULL,
            CHECK (promised IS NOT NULL OR (promised_by IS NULL AND fulfilled IS NULL)),
            CHECK (point_id IS NOT NULL
                   OR (type = 'other' AND kind IN ('meeting', 'training', 'publicity')))
        ) STRICT""",
    """
        CREATE TABLE informant (
            id INTEGER PRIMARY KEY,
            record_id INTEGER NOT NULL UNIQUE REFERENCES record (id),
            name TEXT NOT NULL CHECK (name <> ''),
            phone TEXT
        ) STRICT""",
    """
        CREATE TABLE disclosure (
            id INTEGER PRIMARY KEY,
            entered TEXT NOT NULL,
            user TEXT NOT NULL,
            command TEXT NOT NULL
        ) STRICT""",
    # The station's own day, with notice 0, is kept beside a notice's.
    f"""
        CREATE TABLE special_day (
            id INTEGER PRIMARY KEY,
            {_day("day", "NOT NULL")},
            working INTEGER NOT NULL CHECK (working IN (0, 1)),
            why TEXT NOT NULL CHECK (why <> ''),
            notice INTEGER NOT NULL,
            UNIQUE (day, notice)
        ) STRICT""",
    # Without a point, a heading or word is the station's own.
    """
        CREATE TABLE heading (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            point_id INTEGER REFERENCES point (id),
            box TEXT NOT NULL,
            UNIQUE (point_id, name)
        ) STRICT""",
    f"""
        CREATE TABLE local_word (
            id INTEGER PRIMARY KEY,
            {_one_of("box", _WORDED, "NOT NULL")},
            word TEXT NOT NULL CHECK (word <> ''),
            standard TEXT NOT NULL CHECK (standard <> ''),
            point_id INTEGER REFERENCES point (id),
            {_day("retired")},
            entered TEXT NOT NULL,
            UNIQUE (point_id, box, word)
        ) STRICT""",
    # The submitted files: their checksums are in `submitted`, and so in the history.
    """
        CREATE TABLE file (
            sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
            content BLOB NOT NULL
        ) STRICT""",
    f"""
        CREATE TABLE submission (
            id INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            {_day("first", "NOT NULL")},
            {_day("last", "NOT NULL")},
            {_day("day", "NOT NULL")},
            settings TEXT NOT NULL CHECK (json_valid(settings)),
            act INTEGER NOT NULL,
            head TEXT NOT NULL CHECK (length(head) = 64),
            schema INTEGER NOT NULL,
            {_day("withdrawn")},
            withdraw_reason TEXT,
            entered TEXT NOT NULL,
            CHECK ((withdrawn IS NULL) = (withdraw_reason IS NULL))
        ) STRICT""",
    """
        CREATE TABLE submitted (
            id INTEGER PRIMARY KEY,
            submission_id INTEGER NOT NULL REFERENCES submission (id),
            form INTEGER NOT NULL CHECK (form IN (3, 5, 6)),
            point_id INTEGER REFERENCES point (id),
            figures TEXT NOT NULL CHECK (json_valid(figures)),
            -- Period before it -> its figures, as told anew with this form.
            told TEXT NOT NULL CHECK (json_valid(told)),
            sha256 TEXT NOT NULL REFERENCES file (sha256)
        ) STRICT""",
    # Folders for the county, with the act up to which their facts go and the identity of these.
    """
        CREATE TABLE hand_in (
            id INTEGER PRIMARY KEY,
            submission_id INTEGER NOT NULL REFERENCES submission (id),
            revision INTEGER NOT NULL CHECK (revision > 0),
            act INTEGER NOT NULL,
            identity TEXT CHECK (length(identity) = 64),
            entered TEXT NOT NULL
        ) STRICT""",
    # `rehearsed` is the day that LEDGER12315_TODAY set; `at` is the system's clock.
    f"""
        CREATE TABLE act (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            user TEXT NOT NULL,
            command TEXT NOT NULL,
            {_day("rehearsed")},
            head TEXT UNIQUE CHECK (length(head) = 64)
        ) STRICT""",
    """
        CREATE TABLE change (
            id INTEGER PRIMARY KEY,
            act_id INTEGER NOT NULL REFERENCES act (id),
            table_name TEXT NOT NULL,
            row_id INTEGER NOT NULL,
            made INTEGER NOT NULL CHECK (made IN (0, 1)),
            common TEXT CHECK (common IS NULL OR json_valid(common)),
            personal TEXT CHECK (personal IS NULL OR json_valid(personal)),
            salt TEXT,
            digest TEXT CHECK (length(digest) = 64),
            CHECK ((salt IS NULL) OR (digest IS NOT NULL))
        ) STRICT""",
)
_INDEXES = (
    "complaint_received ON complaint (received)",
    "complaint_point ON complaint (point_id, received)",
    "complaint_phone ON complaint (phone) WHERE phone IS NOT NULL",
    "complaint_closed ON complaint (closed, received) WHERE closed IS NOT NULL",
    "complaint_escalated ON complaint (escalated) WHERE escalated IS NOT NULL",
    # Open complaints are few, however old the ledger is, and are queried daily.
    "complaint_open ON complaint (received) WHERE closed IS NULL AND voided IS NULL",
    # Duties of closed complaints are counted each morning.
    "complaint_unperformed ON complaint (perform_by)"
    " WHERE perform_by IS NOT NULL AND performed IS NULL AND unperformed IS NULL"
    " AND voided IS NULL",
    "complaint_unanswered ON complaint (reply_by)"
    " WHERE reply_by IS NOT NULL AND replied IS NULL AND voided IS NULL",
    # Names to be masked are all read at once; of a column that is never empty SQLite takes no
    # partial index.
    "complaint_complainant ON complaint (complainant)",
    *(
        f"complaint_{column} ON complaint ({column}) WHERE {column} IS NOT NULL"
        for column in ("respondent_contact", "handler", "followed_up_by")
    ),
    # Each shown complaint looks up its liaison.
    "contact_point ON contact (point_id, role)",
    "record_undertaking ON record (promised_by)"
    " WHERE promised IS NOT NULL AND fulfilled IS NULL AND voided IS NULL",
    "act_amend ON act (id) WHERE substr(command, -6) = ' amend'",
    # Telling of the right to complain is a result only if the case ended with it.
    "complaint_untold ON complaint (closed) WHERE closed IS NOT NULL AND answered IS NULL"
    " AND (told IS NULL OR outcome <> 'advised') AND voided IS NULL"
    " AND outcome NOT IN ('withdrawn', 'unreachable')",
    "complaint_unarchived ON complaint (closed)"
    " WHERE closed IS NOT NULL AND archive_no IS NULL AND voided IS NULL",
    "complaint_respondent ON complaint (respondent_key) WHERE respondent_key IS NOT NULL",
    "record_day ON record (day)",
    "record_point ON record (point_id, day)",
    "submission_period ON submission (period)",
    "change_row ON change (table_name, row_id)",
    "change_act ON change (act_id)",
)
_REFUSED = "BEGIN SELECT RAISE(ABORT, 'history is only added to'); END"
_GUARDS = (
    # An act gets its digest once. Only an act without a digest can be deleted.
    """act_seal BEFORE UPDATE ON act
    WHEN OLD.head IS NOT NULL OR OLD.id <> NEW.id OR OLD.at <> NEW.at OR OLD.user <> NEW.user
        OR OLD.command <> NEW.command OR OLD.rehearsed IS NOT NEW.rehearsed
        OR EXISTS (SELECT 1 FROM act WHERE head = NEW.head)""",
    "act_delete BEFORE DELETE ON act WHEN OLD.head IS NOT NULL",
    """act_replace BEFORE INSERT ON act
    WHEN EXISTS (SELECT 1 FROM act WHERE id = NEW.id OR head = NEW.head)""",
    # A change takes its digest once; its texts can be erased, with their salt, and nothing else.
    """change_seal BEFORE UPDATE ON change
    WHEN OLD.id <> NEW.id OR OLD.act_id <> NEW.act_id OR OLD.table_name <> NEW.table_name
        OR OLD.row_id <> NEW.row_id OR OLD.made <> NEW.made OR OLD.common IS NOT NEW.common
        OR (OLD.digest IS NOT NULL AND OLD.digest IS NOT NEW.digest)
        OR (OLD.digest IS NOT NULL AND NEW.salt IS NOT NULL AND OLD.salt IS NOT NEW.salt)
        OR (OLD.personal IS NULL AND NEW.personal IS NOT NULL)
        OR (NEW.salt IS NOT NULL AND OLD.personal IS NOT NEW.personal)""",
    "change_delete BEFORE DELETE ON change",
    """change_replace BEFORE INSERT ON change
    WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id)""",
    # A change outside an act would count as one of the last act.
    """change_sealed BEFORE INSERT ON change
    WHEN (SELECT head FROM act WHERE id = NEW.act_id) IS NOT NULL""",
)
STATEMENTS = (
    *_POINT_TABLES,
    _COMPLAINT,
    *_OTHER_TABLES,
    *(f"CREATE INDEX {index}" for index in _INDEXES),
    "CREATE UNIQUE INDEX complaint_external ON complaint (external_no, point_id)"
    " WHERE external_no IS NOT NULL",
    *(f"CREATE TRIGGER {guard} {_REFUSED}" for guard in _GUARDS),
    *(
        f"CREATE TRIGGER file_{event.lower()} BEFORE {event} ON file"
        " BEGIN SELECT RAISE(ABORT, 'rows are never deleted'); END"
        for event in ("UPDATE", "DELETE")
    ),
)
