package com.example;

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
        context.addService(service);
    }
}
