"""Sends mail as fast as it is taken and keeps a ledger, outside the server, of what was answered.

Each line of the ledger is written and synced before and after a message: "sent ID SHA256 RECIPIENTS", "acked ID",
"refused ID". A message without a second line has an unknown outcome."""
import hashlib
import os
import random
import smtplib
import ssl
import sys
import threading
import time

port, ca, ledger, seed, seconds, threads, recipients = sys.argv[1:]
recipients = recipients.split(",")
lock = threading.Lock()
out = open(ledger, "a")
stop = time.monotonic() + float(seconds)
context = ssl.create_default_context(cafile=ca)


def note(line):
    with lock:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


def message(rng, ident):
    size = rng.choice([100, 1000, 4096, 8192, 65536, 300000])
    lines, total = [], 0
    while total < size:
        line = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz .", k=rng.randint(0, 76)))
        lines.append(line)
        total += len(line) + 2
    head = "From: load@elsewhere.example\r\nTo: somebody\r\nSubject: load\r\nMessage-ID: <%s@load.example>\r\nX-Load: %s\r\n\r\n" % (ident, ident)
    return (head + "\r\n".join(lines) + "\r\n").encode()


def work(number):
    rng = random.Random("%s-%d" % (seed, number))
    smtp, count = None, 0
    while time.monotonic() < stop:
        ident = "%s-%d-%d" % (seed, number, count)
        count += 1
        raw = message(rng, ident)
        to = rng.sample(recipients, rng.randint(1, len(recipients)))
        try:
            if smtp is None:
                smtp = smtplib.SMTP("localhost", int(port), timeout=20)
                smtp.starttls(context=context)
                smtp.ehlo()
            note("sent %s %s %s" % (ident, hashlib.sha256(raw).hexdigest(), ",".join(to)))
            smtp.sendmail("load@elsewhere.example", to, raw)
            note("acked " + ident)
        except smtplib.SMTPResponseException as e:
            note("refused %s" % ident)
            if e.smtp_code == 421:
                smtp = None
        except smtplib.SMTPRecipientsRefused:
            note("refused %s" % ident)
            try:
                smtp.rset()
            except Exception:
                smtp = None
        except Exception:
            smtp = None
            time.sleep(0.2)


workers = [threading.Thread(target=work, args=(n,)) for n in range(int(threads))]
for w in workers:
    w.start()
for w in workers:
    w.join()
