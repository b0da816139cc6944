// What the app may do, each role on the smallest thing that holds.

@description('Object id of the identity of the app.')
param principalId string

@description('Name of the storage account.')
param storageName string

@description('Name of the Event Hubs namespace.')
param namespaceName string

@description('Name of the hub.')
param hubName string

@description('Name of the Application Insights resource.')
param insightsName string

var definitions = 'Microsoft.Authorization/roleDefinitions'
var role = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageQueueDataMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  eventHubsDataReceiver: 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource alerts 'queues' existing = {
      name: 'certificate-alerts'
    }

    resource teams 'queues' existing = {
      name: 'certificate-teams'
    }

    resource teamsPoison 'queues' existing = {
      name: 'certificate-teams-poison'
    }
  }
}

resource namespace 'Microsoft.EventHub/namespaces@2024-01-01' existing = {
  name: namespaceName

  resource hub 'eventhubs' existing = {
    name: hubName
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The host keeps locks, keys, checkpoints and the package in blobs, and makes some of the containers itself.
resource blobOwner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, principalId, role.storageBlobDataOwner)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(definitions, role.storageBlobDataOwner)
  }
}

// Alerts can be written by the app, and read by it never.
resource alertsSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::queueService::alerts
  name: guid(account::queueService::alerts.id, principalId, role.storageQueueDataMessageSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(definitions, role.storageQueueDataMessageSender)
  }
}

resource teamsContributor 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::queueService::teams
  name: guid(account::queueService::teams.id, principalId, role.storageQueueDataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(definitions, role.storageQueueDataContributor)
  }
}

resource teamsPoisonSender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account::queueService::teamsPoison
  name: guid(account::queueService::teamsPoison.id, principalId, role.storageQueueDataMessageSender)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(definitions, role.storageQueueDataMessageSender)
  }
}

resource hubReceiver 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: namespace::hub
  name: guid(namespace::hub.id, principalId, role.eventHubsDataReceiver)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(definitions, role.eventHubsDataReceiver)
  }
}

resource metricsPublisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, role.monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(definitions, role.monitoringMetricsPublisher)
  }
}
