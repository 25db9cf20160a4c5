/**
 * The life of this broker in its cluster: how it is admitted, how it stays, how it goes, and what
 * it does for the others while it leads the metadata. Decisions stand in {@code core.controller}
 * and {@code core.metadata}; the broker's wiring alone imports this.
 */
@NullMarked
package io.mlog.broker.life;

import org.jspecify.annotations.NullMarked;
