/**
 * Who is there, as gossip sees it: the port that an adapter to a gossip library implements. Imports
 * model only; no I/O, threads or clocks.
 */
@NullMarked
package io.mlog.core.membership;

import org.jspecify.annotations.NullMarked;
