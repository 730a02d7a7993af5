"""Points in a spreadsheet: an Attachment 5, or the boxes of `register`. 三(五)7"""

import re
from collections.abc import Iterator
from datetime import date

from ledger12315.boxes import Box, by_key
from ledger12315.boxes.forms import AMENDED_POINT, OFFICES, POINT
from ledger12315.boxes.kinds import DAY, LINE, LONG, Kind, Value
from ledger12315.boxes.people import LIAISONS, OFFICER
from ledger12315.boxes.reading import Misread, to_half_width
from ledger12315.boxes.worded import OneWord
from ledger12315.errors import Message, message
from ledger12315.register.file import Register
from ledger12315.register.headings import IGNORED, Heading, Subject
from ledger12315.register.learned import usual_headings
from ledger12315.register.meaning import WrongBoxes
from ledger12315.rules.eligibility import admitted_as_listed
from ledger12315.words import DEMONSTRATION, ELIGIBILITY
