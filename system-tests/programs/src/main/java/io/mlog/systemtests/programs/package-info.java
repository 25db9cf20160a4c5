/**
 * What the client matrix starts of Kafka's own programs, and what it takes to run them in few
 * processes. Compiled against their jars; imported by nobody, started by name.
 */
@NullMarked
package io.mlog.systemtests.programs;

import org.jspecify.annotations.NullMarked;
