// The app's storage account: its package, its checkpoints, its queues, what it rejected, its windows.
// No key opens it: every reader and writer is an identity with a role.

@description('Name of the account.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags object

@description('Workspace for the log of queue writes, which the poison alarm reads.')
param workspaceId string

@minValue(1)
@description('Days after which a rejected file is deleted. Re-drive it before.')
param rejectedDays int = 90

@minValue(2)
@description('Days after which a window is deleted. It must outlive the longest DEDUP_MINUTES.')
param windowDays int = 8

var packageContainer = 'deployments'
var containers = [packageContainer, 'rejected', 'certificate-windows', 'certificate-state']
// The poison queue is here from the start, so that the app needs no right to make one.
var queues = ['certificate-alerts', 'certificate-teams', 'certificate-teams-poison']

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for item in containers: {
  parent: blobs
  name: item
  properties: {
    publicAccess: 'None'
  }
}]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for item in queues: {
  parent: queueService
  name: item
}]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  dependsOn: [blobs]
  properties: {
    policy: {
      rules: [for item in [
        { container: 'rejected', days: rejectedDays }
        { container: 'certificate-windows', days: windowDays }
        // A receipt must outlive the messages of a queue, which live for a week.
        { container: 'certificate-state/cards', days: windowDays }
      ]: {
        name: 'delete-${replace(item.container, '/', '-')}'
        enabled: true
        type: 'Lifecycle'
        definition: {
          filters: {
            blobTypes: ['blockBlob']
            prefixMatch: ['${item.container}/']
          }
          actions: {
            baseBlob: {
              delete: {
                daysAfterModificationGreaterThan: item.days
              }
            }
          }
        }
      }]
    }
  }
}

resource queueWrites 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queueService
  name: 'queue-writes'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
    ]
  }
}

output name string = account.name
output packageContainer string = packageContainer
