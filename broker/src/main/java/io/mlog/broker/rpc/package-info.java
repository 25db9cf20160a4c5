/**
 * The JSON RPC: requests become calls of the broker's services, and their outcomes responses. One
 * file for each message or few that belong together. Knows no sockets; imported by the broker's
 * wiring.
 */
@NullMarked
package io.mlog.broker.rpc;

import org.jspecify.annotations.NullMarked;
