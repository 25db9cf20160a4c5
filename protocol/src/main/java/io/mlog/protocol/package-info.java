/**
 * What a server and a client of the JSON RPC share: frames, the messages as records, and their JSON
 * form. Reads and writes JSON as a stream, without reflection and without trees; knows no sockets.
 * Imports only {@code io.mlog.model}.
 */
@NullMarked
package io.mlog.protocol;

import org.jspecify.annotations.NullMarked;
