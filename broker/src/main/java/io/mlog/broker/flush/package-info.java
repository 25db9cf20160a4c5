/** Group commit: makes appended records durable off the request path. Imports no Netty. */
@NullMarked
package io.mlog.broker.flush;

import org.jspecify.annotations.NullMarked;
