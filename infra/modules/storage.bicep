// The app's storage account: its package, its checkpoints, its queues, what it rejected, what its instances share.
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

@minValue(100)
@description('Days after which a blob of the shared state is deleted that the app has not deleted itself.')
param stateDays int = 100

@minValue(8)
@description('Days after which the receipt of a card is deleted.')
param receiptDays int = 8

var packageContainer = 'deployments'
var containers = [packageContainer, 'rejected', 'certificate-state', 'certificate-learnt', 'expected-access']
// The poison queue is here from the start, so that the app needs no right to make one.
var queues = ['certificate-alerts', 'certificate-teams', 'certificate-teams-poison']
var lifetimes = [
  { container: 'rejected', days: rejectedDays }
  { container: 'certificate-state', days: stateDays }
  // A receipt must outlive the messages of a queue, which live for a week.
  { container: 'certificate-state/cards', days: receiptDays }
]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
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

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = [
  for item in containers: {
    parent: blobs
    name: item
    properties: {
      publicAccess: 'None'
    }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-01-01' = [
  for item in queues: {
    parent: queueService
    name: item
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: account
  name: 'default'
  dependsOn: [blobs]
  properties: {
    policy: {
      rules: [
        for item in lifetimes: {
          name: 'delete-${replace(item.container, '/', '-')}'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              // Of append blobs only deletion is supported, which is all that is asked.
              blobTypes: ['blockBlob', 'appendBlob']
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
        }
      ]
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
