package io.mailkeep.keys;

/**
 * The two keys of one recipient's copy (keytree: leaf <em>copy</em>).
 *
 * @param body the body's key, shared by the recipients of one tenant
 * @param copy this copy's own: envelope, structure, preview and trace lie under keys derived from
 *     it
 */
public record CopyKeys(DataKey body, DataKey copy) {}
