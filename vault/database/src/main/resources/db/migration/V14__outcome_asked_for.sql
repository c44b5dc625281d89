-- After a commit whose answer was lost a room asks for its transaction by its id (FLT-23). It learns nothing else:
-- whether a number was committed, whoever had it.
grant execute on function pg_catalog.pg_xact_status(xid8) to mk_tree, mk_mailbox, mk_identity, mk_audit, mk_tickets;
