import Foundation
import TestDatabases
import Testing

@testable import Database

@Suite("Where a PostgreSQL server is")
struct PostgresURLTests {
    private struct Form {
        var text: String
        var meaning: String
    }

    private static let forms = [
        Form(
            text: "postgres://me:secret@db.example.org:5433/vidsift",
            meaning: #"database "vidsift" on db.example.org:5433 as "me""#),
        Form(text: "postgresql://db.example.org", meaning: "the default database on db.example.org"),
        Form(text: "postgresql://", meaning: "the default database on the default host"),
        Form(
            text: "\n postgres://me@localhost/vidsift\n",
            meaning: #"database "vidsift" on localhost as "me""#),
        Form(
            text: "postgresql:///vidsift?host=/var/run/postgresql",
            meaning: #"database "vidsift" on /var/run/postgresql"#),
        Form(
            text: "postgresql://me@%2Fvar%2Frun%2Fpostgresql/vidsift",
            meaning: #"database "vidsift" on /var/run/postgresql as "me""#),
        Form(
            text: "postgres://me:secret@[2001:db8::1]:5433/vidsift",
            meaning: #"database "vidsift" on 2001:db8::1:5433 as "me""#),
        Form(
            text:
                "postgres://me:secret@a.example.org:5433,b.example.org:5434/vidsift?target_session_attrs=read-write",
            meaning: #"database "vidsift" on a.example.org,b.example.org:5433,5434 as "me""#),
        Form(
            text: "postgres://m%40e:s%2Fe%25@localhost/vid%20sift",
            meaning: #"database "vid sift" on localhost as "m@e""#),
        Form(
            text: "postgres://localhost/vidsift?ssl=true&application_name=a%20b",
            meaning: #"database "vidsift" on localhost"#),
        Form(
            text: "postgres://?service=library",
            meaning: #"the default database on the default host, service "library""#),
        Form(
            text: "service=library",
            meaning: #"the default database on the default host, service "library""#),
        Form(
            text: "host=localhost port=5433 dbname=vidsift user=me password='se cret'",
            meaning: #"database "vidsift" on localhost:5433 as "me""#),
        Form(
            text: #" host = 'localhost'  dbname = 'the\'library' password=a\ b"#,
            meaning: #"database "the'library" on localhost"#),
        Form(text: "hostaddr=127.0.0.1 dbname=''", meaning: #"database "" on 127.0.0.1"#),
    ]

    @Test("URLs and lists of names and values are understood", arguments: forms.indices)
    func understood(index: Int) throws {
        let form = Self.forms[index]
        let parameters = try PostgresConnectionParameters(form.text, connectTimeout: .seconds(7))
        #expect(parameters.description == form.meaning)
        #expect(parameters.connectTimeout == .seconds(7))
        #expect(!parameters.isBehindPooler)
        #expect(parameters.ignored.isEmpty)
    }

    @Test("Supabase's URLs are understood as they stand there, with what Prisma adds")
    func supabase() throws {
        let user = "postgresql://postgres.abcdefghijkl:pw@aws-0-eu-central-1.pooler.supabase.com"
        let session = try PostgresConnectionParameters(
            "\(user):5432/postgres", connectTimeout: .seconds(7))
        #expect(!session.isBehindPooler)
        #expect(session.ignored.isEmpty)
        let transaction = try PostgresConnectionParameters(
            "\(user):6543/postgres?pgbouncer=true&connection_limit=1&sslmode=require",
            connectTimeout: .seconds(7))
        #expect(transaction.isBehindPooler)
        #expect(transaction.ignored == ["connection_limit"])
        let place =
            #"database "postgres" on aws-0-eu-central-1.pooler.supabase.com:6543 as "postgres.abcdefghijkl""#
        #expect(transaction.description == place)
    }

    @Test("what the text says of the time to connect goes before the setting")
    func connectTimeout() throws {
        for text in ["postgres://localhost/x?connect_timeout=3", "host=localhost connect_timeout=3"] {
            let parameters = try PostgresConnectionParameters(text, connectTimeout: .seconds(7))
            #expect(parameters.connectTimeout == .seconds(3))
        }
        let shortest = try PostgresConnectionParameters(
            "host=localhost", connectTimeout: .milliseconds(10))
        #expect(shortest.connectTimeout == .seconds(1))
    }

    @Test(
        "a text that can't be understood is refused, and says why",
        arguments: [
            ("", "it is empty"), (" \n", "it is empty"),
            ("mysql://me:Kuckuck@localhost/x", "must begin with postgres://"),
            ("POSTGRES://me:Kuckuck@localhost/x", "must begin with postgres://"),
            ("postgres:/me:Kuckuck@localhost", "neither a URL nor a list"),
            ("Kuckuck", "neither a URL nor a list"),
            ("host=localhost password='Kuckuck", "a quoted value has no end"),
            ("host=localhost\0", "NUL character"),
            ("postgres://localhost:99999/x", "the port is not a number"),
            ("host=localhost port=0", "the port is not"),
            ("postgres://localhost:/x?port=70000", "the port is not a number"),
            ("postgres://localhost/x?sslmode=strict", "sslmode is none of allow, disable,"),
            ("postgres://localhost/x?colour=red", "the parameter \"colour\" is not known"),
            ("host=localhost colour=red", "the parameter \"colour\" is not known"),
            ("postgres://localhost/x?sslmode", "the parameter \"sslmode\" has no value"),
            ("postgres://localhost/x?pgbouncer=maybe", "pgbouncer must be true or false"),
            ("postgres://localhost/x?connect_timeout=soon", "connect_timeout is not a number"),
            ("postgres://[::1/x", "a host has [ without ]"),
            ("postgres://me:Kuck%zzuck@localhost/x", "two hexadecimal digits"),
            ("postgres://me:Kuckuck%@localhost/x", "two hexadecimal digits"),
            ("postgres://me:Kuckuck%00@localhost/x", "%00 is not allowed"),
        ] as [(String, String)])
    func refused(text: String, reason: String) async throws {
        let error = await databaseError {
            _ = try PostgresConnectionParameters(text, connectTimeout: .seconds(7))
        }
        #expect(error?.kind == .cannotOpen)
        #expect(error?.isRetryable == false)
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "no error")")
        #expect(error?.debugDescription.contains("Kuck") == false)
    }

    // MARK: - Passwords

    /// What people write without encoding it. No word of them may be seen anywhere.
    private static let passwords = [
        "Kuckuck", "Kuckuck@Zeisig", "Kuckuck:Zeisig", "Kuckuck/Zeisig", "Kuckuck?Zeisig",
        "Kuckuck#Zeisig",
        "Kuckuck%Zeisig", "Kuckuck&Zeisig=Amsel", "Kuckuck?Zeisig=Amsel", "Kuckuck@Zeisig?Amsel",
        "Kuckuck@Zeisig?Amsel=1", "Kuckuck@Zeisig?user=Amsel", "Kuckuck/Zeisig@Amsel",
        "Kuckuck@Zeisig/Amsel",
        "Kuckuck:1234@Zeisig", "1234/Kuckuck@Zeisig", "1234?Kuckuck=Zeisig", "[Kuckuck]Zeisig",
        "Kuckuck Zeisig",
        "Kuckuck Zeisig=Amsel", "Kuckuck'Zeisig", #"Kuckuck\Zeisig"#, "@Kuckuck", "/Kuckuck",
        "?Kuckuck", "Kuckuck@",
    ]

    private static let places = [
        "postgres://me:*@localhost:5432/vidsift", "postgresql://me:*@localhost/vidsift?sslmode=disable",
        "postgres://me:*@/vidsift?host=/nowhere", "postgres://me:*@a.example.org,b.example.org:5433",
        "postgres://localhost/vidsift?user=me&password=*",
        "host=localhost user=me password=* dbname=vidsift",
        "host=localhost user=me password='*' dbname=vidsift",
    ]

    @Test("a password is in no description and in no error, however it is written", arguments: passwords)
    func passwordsAreHidden(password: String) async throws {
        for place in Self.places {
            let text = place.replacing("*", with: password)
            var seen = ""
            do {
                let parameters = try PostgresConnectionParameters(text, connectTimeout: .seconds(7))
                seen = "\(parameters) \(parameters.debugDescription) \(String(reflecting: parameters))"
                dump(parameters, to: &seen)
                dump(DatabaseError(connectingTo: parameters, message: ""), to: &seen)
            } catch {
                seen = "\(error) \(String(reflecting: error))"
                dump(error, to: &seen)
            }
            for word in ["Kuckuck", "Zeisig", "Amsel", "1234"] where password.contains(word) {
                #expect(!seen.contains(word), "\(place): \(seen)")
            }
        }
    }

    @Test(
        "an open database shows no password, nor does a failure to open one",
        .enabled(if: PostgresServer.isThere, PostgresServer.missing))
    func openDatabase() async throws {
        let place = try await TestEngine.postgres.makeDatabase()
        let url = try #require(place.url)
        let database = try await Database.postgres(
            url + (url.contains("?") ? "&" : "?") + "password=Kuckuck")
        #expect(try await database.value("SELECT 1") == 1)
        var seen = ""
        dump(database.engine, to: &seen)
        dump(database, to: &seen)
        #expect(!seen.contains("Kuckuck"))
        try await database.close()

        // Port 1 is for a service that nobody runs.
        let error = await databaseError {
            _ = try await Database.postgres("postgres://me:Kuckuck@127.0.0.1:1/vidsift")
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.description.contains(#"database "vidsift" on 127.0.0.1:1 as "me""#) == true)
        #expect(error?.debugDescription.contains("Kuckuck") == false)
    }
}
