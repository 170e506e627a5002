"""The queues beside which VidSift's is measured, each used as its documentation advises for throughput, all durable."""
import asyncio, contextlib, dataclasses, logging, time
import asyncpg

QUEUE = "benchmark"
logging.disable(logging.INFO)


class Procrastinate:
    """One fetch for each job, one finish for each job; finished jobs stay in their table (the default)."""

    left = "SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'"
    completed = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'"

    async def open(self, url, connections):
        import procrastinate
        connector = procrastinate.PsycopgConnector(conninfo=url, min_size=connections, max_size=connections)
        self.app = procrastinate.App(connector=connector)
        self.task = self.app.task(self.handle, name="noop", queue=QUEUE)
        await self.app.open_async()

    async def handle(self, at):
        self.handler(at)

    async def install(self):
        await self.app.schema_manager.apply_schema_async()

    async def enqueue(self):
        await self.task.defer_async(at=time.time_ns())

    async def enqueue_batch(self, count):
        at = time.time_ns()
        await self.task.batch_defer_async(*({"at": at} for _ in range(count)))

    @contextlib.asynccontextmanager
    async def work(self, in_flight, handler):
        self.handler = handler
        worker = asyncio.create_task(
            self.app.run_worker_async(concurrency=in_flight, listen_notify=True, install_signal_handlers=False))
        yield
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)

    async def close(self):
        await self.app.close_async()

    @staticmethod
    def connections(in_flight):
        """One fetches and one listens while the others finish jobs; more than 16 did not make it faster."""
        return min(in_flight, 16) + 2


class PgQueuer:
    """Claims and completes in batches on one connection of asyncpg: its pool of connections was slower."""

    left = "SELECT count(*) FROM pgqueuer"
    # It folds its log into another table now and then, but keeps the rows.
    completed = "SELECT count(*) FROM pgqueuer_log WHERE status = 'successful'"

    async def open(self, url, connections):
        from pgqueuer.queries import Queries
        if connections == 1:
            self.connection = await asyncpg.connect(url)
            self.queries = Queries.from_asyncpg_connection(self.connection)
        else:
            self.connection = await asyncpg.create_pool(url, min_size=connections, max_size=connections)
            self.queries = Queries.from_asyncpg_pool(self.connection)

    async def install(self):
        await self.queries.install()

    async def enqueue(self):
        await self.queries.enqueue("noop", b"%d" % time.time_ns())

    async def enqueue_batch(self, count):
        await self.queries.enqueue(["noop"] * count, [b"%d" % time.time_ns()] * count, [0] * count)

    @contextlib.asynccontextmanager
    async def work(self, in_flight, handler):
        from pgqueuer.qm import QueueManager
        manager = QueueManager(self.queries)

        @manager.entrypoint("noop")
        async def noop(job):
            handler(int(job.payload))

        worker = asyncio.create_task(manager.run(**self.limits(in_flight)))
        yield
        if worker.done():
            worker.result()
        manager.shutdown.set()
        await worker

    def limits(self, in_flight):
        """It refuses a batch of more than half of the limit."""
        return {"batch_size": in_flight // 2, "max_concurrent_tasks": in_flight}

    async def close(self):
        await self.connection.close()

    @staticmethod
    def connections(in_flight):
        return 1


class PgQueuerUnbounded(PgQueuer):
    """With batches as large as the number in flight, but no limit to how many of them run: its default, and faster."""

    def limits(self, in_flight):
        return {"batch_size": in_flight}


@dataclasses.dataclass
class Noop:
    """The payload of awa's jobs, and their kind."""

    at: int


class Awa:
    """The Rust runtime with Python handlers; batches by COPY. Prunes what is completed after some 16 seconds."""

    left = """SELECT (SELECT count(*) FROM awa.jobs WHERE state::text <> 'completed')
        + (SELECT count(*) FROM awa.dlq_entries)"""
    completed = """SELECT (SELECT count(*) FROM awa.terminal_jobs WHERE state::text = 'completed')
        + (SELECT coalesce(sum(pruned_completed_count), 0)::bigint FROM awa.queue_terminal_rollups)"""

    async def open(self, url, connections):
        import awa
        # Its driver wants a host in the URL even if the server is behind a socket.
        self.client = awa.AsyncClient(url.replace("@/", "@localhost/"), max_connections=connections)

    async def install(self):
        await self.client.migrate()
        await self.client.install_queue_storage(schema="awa")

    async def enqueue(self):
        await self.client.insert(Noop(time.time_ns()), queue=QUEUE)

    async def enqueue_batch(self, count):
        job = Noop(time.time_ns())
        await self.client.enqueue_many_copy([job] * count, queue=QUEUE)

    @contextlib.asynccontextmanager
    async def work(self, in_flight, handler):
        @self.client.task(Noop, queue=QUEUE)
        async def noop(job):
            handler(job.args.at)

        await self.client.start([(QUEUE, in_flight)])
        yield
        await self.client.shutdown()

    async def close(self):
        await self.client.close()

    @staticmethod
    def connections(in_flight):
        return 10


PEERS = {"procrastinate": Procrastinate, "pgqueuer": PgQueuer, "pgqueuer-unbounded": PgQueuerUnbounded, "awa-pg": Awa}
