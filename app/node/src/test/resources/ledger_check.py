"""Compares mailboxes with the ledger: N1 acked = present exactly once, byte-identical; N2 refused = absent, unknown = whole
or absent; N3 UIDs never change or return (a file remembers them from check to check)."""
import hashlib
import imaplib
import json
import os
import re
import ssl
import sys

port, ca, ledger, memory = sys.argv[1:5]
accounts = dict(a.split("=", 1) for a in sys.argv[5:])
sent, acked, refused = {}, set(), set()
for line in open(ledger):
    parts = line.split()
    if len(parts) == 4 and parts[0] == "sent":
        sent[parts[1]] = (parts[2], parts[3].split(","))
    elif len(parts) == 2 and parts[0] == "acked":
        acked.add(parts[1])
    elif len(parts) == 2 and parts[0] == "refused":
        refused.add(parts[1])
known = json.load(open(memory)) if os.path.exists(memory) else {}
wrong, total = [], 0
for user, password in accounts.items():
    imap = imaplib.IMAP4_SSL("localhost", int(port), ssl_context=ssl.create_default_context(cafile=ca))
    imap.login(user, password)
    imap.select("INBOX", readonly=True)
    validity = imap.response("UIDVALIDITY")[1][0].decode()
    seen, uids = {}, {}
    typ, data = imap.uid("FETCH", "1:*", "(UID BODY.PEEK[])")
    for item in data:
        if not isinstance(item, tuple):
            continue
        uid = re.search(rb"UID (\d+)", item[0]).group(1).decode()
        raw = item[1]
        ident = re.search(rb"X-Load: (\S+)", raw)
        if not ident:
            uids[uid] = "other"
            continue
        ident = ident.group(1).decode()
        body = raw[raw.index(b"From: load@"):]
        if hashlib.sha256(body).hexdigest() != sent[ident][0]:
            wrong.append("N1 %s in %s isn't byte-identical" % (ident, user))
        seen[ident] = seen.get(ident, 0) + 1
        uids[uid] = ident
        total += 1
    for ident, (digest, to) in sent.items():
        times = seen.get(ident, 0)
        if user in to and ident in acked and times != 1:
            wrong.append("N1 acked %s is %d times in %s" % (ident, times, user))
        if user in to and ident in refused and times != 0:
            wrong.append("N2 refused %s is in %s" % (ident, user))
        if times > 1 or (times and user not in to):
            wrong.append("N2 %s is %d times in %s" % (ident, times, user))
    before = known.get(user, {"validity": validity, "uids": {}, "highest": 0})
    if before["validity"] != validity:
        wrong.append("N3 UIDVALIDITY of %s changed" % user)
    for uid, ident in before["uids"].items():
        if uids.get(uid) != ident:
            wrong.append("N3 UID %s of %s was %s, is %s" % (uid, user, ident, uids.get(uid)))
    for uid in uids:
        if uid not in before["uids"] and int(uid) <= before["highest"]:
            wrong.append("N3 UID %s of %s is new below the highest known" % (uid, user))
    known[user] = {"validity": validity, "uids": uids, "highest": max([int(u) for u in uids] + [before["highest"]])}
    imap.logout()
json.dump(known, open(memory, "w"))
print("sent %d, acked %d, refused %d, copies %d" % (len(sent), len(acked), len(refused), total))
for w in wrong[:20]:
    print(w)
sys.exit(1 if wrong else 0)
