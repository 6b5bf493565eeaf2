"""Drives the whole matrix of IMAP rights on a shared mailbox with a Python library, as a person's script would.

usage: rights_matrix.py imaplib|imapclient PORT

carol manages support and grants by SETACL; alice works there and prepares what is worked on; mallory holds exactly what a
row of the matrix says and tries every verb, on one connection that stays open while her rights change.
"""

import imaplib
import sys

SHARED = "Shared/Customer Support"
INBOX = SHARED + "/INBOX"
MESSAGE = b"From: customer@elsewhere.example\r\nSubject: printer\r\n\r\nIt is on fire.\r\n"

# What is granted, and what can be done with it.
MATRIX = [
    ("", set()),
    ("l", {"list"}),
    ("r", {"select", "fetch"}),
    ("lr", {"list", "select", "fetch"}),
    ("lr0", {"list", "select", "fetch", "search"}),
    ("lrs", {"list", "select", "fetch", "seen"}),
    ("lrw", {"list", "select", "fetch", "flag"}),
    ("lri", {"list", "select", "fetch", "append"}),
    ("lrt", {"list", "select", "fetch", "mark", "expunge"}),
    ("lre", {"list", "select", "fetch"}),
    ("lrte", {"list", "select", "fetch", "mark", "expunge"}),
    ("lrk", {"list", "select", "fetch", "create"}),
    ("lrx", {"list", "select", "fetch", "remove"}),
    ("lra", {"list", "select", "fetch", "getacl"}),
    ("lr1", {"list", "select", "fetch"}),
    ("lr2", {"list", "select", "fetch"}),
    ("lr3", {"list", "select", "fetch"}),
    ("lr4", {"list", "select", "fetch"}),
    (
        "lr0swiktxea",
        {
            "list", "select", "fetch", "search", "seen", "flag", "append", "mark", "expunge", "create", "remove",
            "getacl",
        },
    ),
]


class WithImaplib:
    def __init__(self, port, user):
        self.imap = imaplib.IMAP4("127.0.0.1", port)
        self.imap.login(user, user + "-has-a-password")

    def done(self, answer):
        # The library remembers READ-ONLY and would refuse by itself.
        self.imap.untagged_responses.pop("READ-ONLY", None)
        return answer[0] == "OK"

    def quoted(self, name):
        return '"' + name + '"'

    def grant(self, who, rights):
        if rights:
            return self.done(self.imap.setacl(self.quoted(SHARED), who, rights))
        return self.done(self.imap.deleteacl(self.quoted(SHARED), who))

    def list(self):
        _, names = self.imap.list('""', self.quoted(INBOX))
        return any(name for name in names)

    def select(self):
        try:
            return self.done(self.imap.select(self.quoted(INBOX)))
        except imaplib.IMAP4.readonly:
            return self.done(("OK", None))

    def fetch(self, number):
        _, found = self.imap.uid("FETCH", str(number), "(BODY.PEEK[])")
        return any(isinstance(part, tuple) and part[1] == MESSAGE for part in found)

    def search(self):
        return self.done(self.imap.uid("SEARCH", None, "TEXT", "fire"))

    def store(self, number, flag):
        return self.done(self.imap.uid("STORE", str(number), "+FLAGS", "(%s)" % flag))

    def expunge(self, number):
        return self.done(self.imap.uid("EXPUNGE", str(number)))

    def append(self):
        return self.done(self.imap.append(self.quoted(INBOX), None, None, MESSAGE))

    def create(self, name):
        return self.done(self.imap.create(self.quoted(name)))

    def remove(self, name):
        return self.done(self.imap.delete(self.quoted(name)))

    def getacl(self):
        return self.done(self.imap.getacl(self.quoted(INBOX)))

    def newest(self):
        _, data = self.imap.uid("SEARCH", None, "ALL")
        return int(data[0].split()[-1])


class WithImapclient:
    def __init__(self, port, user):
        import imapclient

        self.errors = (imapclient.exceptions.IMAPClientError, imaplib.IMAP4.error)
        self.imap = imapclient.IMAPClient("127.0.0.1", port, ssl=False)
        self.imap.login(user, user + "-has-a-password")

    def done(self, act, *arguments):
        # imaplib below remembers READ-ONLY and would refuse by itself.
        self.imap._imap.untagged_responses.pop("READ-ONLY", None)
        try:
            act(*arguments)
            return True
        except imaplib.IMAP4.readonly:
            return True
        except self.errors:
            return False

    def grant(self, who, rights):
        if rights:
            return self.done(self.imap.setacl, SHARED, who, rights)
        # The package has no DELETEACL of its own; it stands on imaplib.
        return self.done(self.imap._imap.deleteacl, '"' + SHARED + '"', who)

    def list(self):
        self.imap._imap.untagged_responses.pop("READ-ONLY", None)
        return bool(self.imap.list_folders("", INBOX))

    def select(self):
        return self.done(self.imap.select_folder, INBOX)

    def fetch(self, number):
        self.imap._imap.untagged_responses.pop("READ-ONLY", None)
        try:
            return self.imap.fetch([number], ["BODY.PEEK[]"])[number][b"BODY[]"] == MESSAGE
        except (KeyError, *self.errors):
            return False

    def search(self):
        return self.done(self.imap.search, ["TEXT", "fire"])

    def store(self, number, flag):
        return self.done(self.imap.add_flags, [number], [flag])

    def expunge(self, number):
        return self.done(self.imap.uid_expunge, [number])

    def append(self):
        return self.done(self.imap.append, INBOX, MESSAGE)

    def create(self, name):
        return self.done(self.imap.create_folder, name)

    def remove(self, name):
        return self.done(self.imap.delete_folder, name)

    def getacl(self):
        return self.done(self.imap.getacl, INBOX)

    def newest(self):
        return self.imap.search("ALL")[-1]


def main(library, port):
    client = {"imaplib": WithImaplib, "imapclient": WithImapclient}[library]
    carol, alice, mallory = (client(port, user) for user in ("carol", "alice", "mallory"))
    assert carol.grant("alice", "ik"), "a manager grants"
    assert alice.select(), "an agent reads"
    wrong = 0
    for row, (rights, expected) in enumerate(MATRIX):
        old, new = f"{SHARED}/Old {row}", f"{SHARED}/New {row}"
        assert alice.append() and alice.create(old), "alice may prepare"
        assert alice.select()
        number = alice.newest()
        assert carol.grant("mallory", rights), f"granted: {rights}"
        tries = [
            ("list", mallory.list),
            ("select", mallory.select),
        ]
        may = {name for name, act in tries if act()}
        if "select" in may:
            tries = [
                ("fetch", lambda: mallory.fetch(number)),
                ("search", mallory.search),
                ("seen", lambda: mallory.store(number, "\\Seen")),
                ("flag", lambda: mallory.store(number, "\\Flagged")),
                ("mark", lambda: mallory.store(number, "\\Deleted")),
            ]
            may |= {name for name, act in tries if act()}
            # Somebody else has marked it; removing is a matter of one's own rights.
            assert alice.store(number, "\\Deleted")
            may |= {"expunge"} if mallory.expunge(number) else set()
        tries = [
            ("append", mallory.append),
            ("create", lambda: mallory.create(new)),
            ("remove", lambda: mallory.remove(old)),
            ("getacl", mallory.getacl),
        ]
        may |= {name for name, act in tries if act()}
        if may != expected:
            wrong += 1
            print(f"{rights!r}: too much {sorted(may - expected)}, too little {sorted(expected - may)}")
    print(f"{len(MATRIX)} rows, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
