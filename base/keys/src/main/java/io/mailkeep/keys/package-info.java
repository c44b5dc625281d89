/**
 * Keys and sealing: the one key management system of the house.
 *
 * <p>Promise: a destroyed datum stays closed to whoever has every disk image ever made together
 * with today's keys; a mailbox opens only for an {@link io.mailkeep.tickets.Access} to it; what
 * can't be opened safely stays sealed with a sentence that says what to do; existing data never
 * gets new keys. Key actions are on the audit log before they happen.
 *
 * <p>Who may call it: {@code mailbox} and {@code identity} (delivery, reading, leaves), {@code
 * identity} and {@code node} (tickets), {@code api} and {@code node} (administration, the key
 * device). It touches the key device and, through the port {@link io.mailkeep.keys.TreeStore}, the
 * tree's rows. Other rooms never see raw key bytes: they hold a {@link io.mailkeep.keys.DataKey},
 * which seals and opens. It never opens a copy for the delivering module, never stores a key in
 * clear but on the key device, never reuses an epoch's number.
 *
 * <p>The way of one copy's keys: {@link io.mailkeep.keys.DeliveryKeys#fresh} makes them, {@link
 * io.mailkeep.keys.DeliveryKeys#seal} seals them to the mailbox' public key (the tail) and the
 * mailbox room commits the leaf; {@code Settler} wraps them under a bucket; {@link
 * io.mailkeep.keys.ReadingKeys#open} opens them bucket by mailbox by class by tenant by root and
 * epoch key; {@code Rekey} (phase a) leaves them out when everything around them gets new keys;
 * {@code EpochChange} (phase b), twice, erases the epoch key under which an old image could still
 * be opened.
 *
 * <p>What it doesn't hold against: whoever has the key folders and the data while both are there; a
 * medium that keeps erased blocks (say so in certificates); who reads this process' memory.
 */
@NullMarked
package io.mailkeep.keys;

import org.jspecify.annotations.NullMarked;
