/** What both transports between nodes need of the network. Imports model only. */
@NullMarked
package io.mlog.cluster.net;

import org.jspecify.annotations.NullMarked;
