"""Reads, searches and files mail with Python's imaplib, with the server's certificate checked."""
import imaplib
import ssl
import sys
import time

port, ca, user, password, subject, body, attached, file_name, folder, term, keyword = sys.argv[1:]


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


imap = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca))
ok(imap.login(user, password))
count = int(ok(imap.select("INBOX"))[0])
assert count >= 1, count

found = ok(imap.search(None, "SUBJECT", '"%s"' % subject))[0].split()
assert len(found) == 1, found
data = ok(imap.fetch(found[0], "(UID FLAGS RFC822.SIZE INTERNALDATE ENVELOPE BODYSTRUCTURE BODY.PEEK[])"))
raw = data[0][1]
text = b" ".join(x if isinstance(x, bytes) else x[0] + x[1] for x in data)
for wanted in (subject, body, file_name):
    assert wanted.encode() in text, wanted
import email
message = email.message_from_bytes(raw)
assert message["Return-Path"] == "<someone@elsewhere.example>", message["Return-Path"]
assert any(attached.encode() in (part.get_payload(decode=True) or b"") for part in message.walk())

ok(imap.search(None, "TEXT", '"%s"' % term))
ok(imap.create(folder))
assert any(folder.encode() in line for line in ok(imap.list()))
ok(imap.store(found[0], "+FLAGS", "(\\Seen %s)" % keyword))
ok(imap.copy(found[0], folder))
appended = b"Subject: %s\r\n\r\n%s\r\n" % (subject.encode(), body.encode())
ok(imap.append(folder, "(\\Seen)", imaplib.Time2Internaldate(time.time()), appended))
assert int(ok(imap.select(folder))[0]) == 2
uid = ok(imap.uid("SEARCH", None, "ALL"))[0].split()
assert len(uid) == 2, uid
assert appended == ok(imap.uid("FETCH", uid[1], "(BODY.PEEK[])"))[0][1]
ok(imap.uid("STORE", uid[0], "+FLAGS", "(\\Deleted)"))
ok(imap.expunge())
assert int(ok(imap.status(folder, "(MESSAGES)"))[0].split()[-1].strip(b")")) == 1
ok(imap.close())
imap.logout()

try:
    other = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca))
    other.login(user, "wrong " + password)
    raise AssertionError("a wrong password was taken")
except imaplib.IMAP4.error:
    pass
print("done")
