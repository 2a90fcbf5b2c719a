package com.example;

import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.file.cluster.FileLockClusterService;

/**
 * Which planner leads: the one that has the lock in a folder that all of them reach. Any other
 * cluster service of Camel can stand here.
 */
public class Leadership implements CamelConfiguration {

    @Override
    public void configure(CamelContext context) throws Exception {
        FileLockClusterService service = new FileLockClusterService();
        service.setId(context.resolvePropertyPlaceholders("{{node:1}}"));
        service.setRoot(
                context.resolvePropertyPlaceholders("{{cluster:.mixpanel-export/cluster}}"));
        // a planner that died leads until its heartbeat is five of these old
        service.setAcquireLockInterval(2, TimeUnit.SECONDS);
        context.addService(service);
    }
}
