"""Ask Hugging Face for single papers: their votes and stars now, and what the lists left out."""

from collections.abc import Iterator
from dataclasses import replace

from broadsheet.core.ids import Scheme
from broadsheet.sources.base import Reject
from broadsheet.sources.failures import Missing
from broadsheet.sources.http import Client
from broadsheet.sources.huggingface.asked import HuggingFaceRoute, records
from broadsheet.sources.parts import in_parts
from broadsheet.sources.place import Batch, Cursor, Tells, Wanted

IN_A_BATCH = 50


class DailyPapersByName(HuggingFaceRoute):
    """The route ``paper``: one request for each of ``wanted.ids`` that is arXiv's."""

    route = "paper"
    tells = Tells.PAPERS

    def fetch(self, client: Client, wanted: Wanted, cursor: Cursor) -> Iterator[Batch]:
        """The cursor holds how many of these ids have been asked for.

        Raises:
            FetchFailed: if one cannot be read. What was given before it stands.
        """
        names = [one.value for one in wanted.ids if one.scheme is Scheme.ARXIV]
        for part in in_parts(names, IN_A_BATCH, cursor):
            batch = Batch(part.cursor, asked_at=client.now(), seen=part.seen, finished=part.last)
            for name in part.names:
                try:
                    reply = self.ask(client, f"papers/{name}", {})
                except Missing:
                    batch.rejects.append(Reject("huggingface", 0, f"Hugging Face has no paper {name}", name))
                    continue
                for made in records([{"paper": reply.json()}], None, reply.at, batch):
                    batch.records.append(replace(made, placements=()))
            yield batch
