"""Storing records of which one may be poison: it is found, refused with its reason, and the others are kept."""

from collections.abc import Sequence

from django.db import DataError, IntegrityError

from broadsheet.catalog.absorb import Absorbed, absorb_batch
from broadsheet.core.record import Record

# What one poisonous record can raise. A lock or a full disk is no record's fault and stops the job.
_OF_A_RECORD = (DataError, IntegrityError, ValueError, OverflowError)


def stored(records: Sequence[Record], packed: Sequence[bytes] | None = None) -> Absorbed:
    """Store ``records``; where that fails because of one of them, find it by halves and store the others.

    ``packed`` as in `absorb_batch`. ``refused`` of what is returned counts in ``records``, as given.
    """
    done = Absorbed()
    waiting = [range(len(records))]
    while waiting:
        part = waiting.pop()
        some = slice(part.start, part.stop)
        try:
            now = absorb_batch(records[some], packed[some] if packed is not None else None)
        except _OF_A_RECORD as wrong:
            if len(part) == 1:
                said = " ".join(str(wrong).split())[:300]
                done.refused.append((part.start, f"the database cannot hold it: {said or type(wrong).__name__}"))
            else:
                half = part.start + len(part) // 2
                waiting += [range(half, part.stop), range(part.start, half)]
            continue
        now.refused = [(part.start + number, reason) for number, reason in now.refused]
        done += now
    return done
