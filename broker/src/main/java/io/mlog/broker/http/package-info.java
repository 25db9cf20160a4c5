/**
 * What a browser, a load balancer and Prometheus see on the port. May import Netty's HTTP codec.
 */
@NullMarked
package io.mlog.broker.http;

import org.jspecify.annotations.NullMarked;
