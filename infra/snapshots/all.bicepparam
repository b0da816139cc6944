// The deployment with everything on: ci.yml shows what it is. All values are made up.
using '../main.bicep'

param environmentName = 'a-name-of-forty-characters-aaaaaaaaaaaaaa'
param location = 'westeurope'
param appLocation = 'northeurope'
param expectedAccess = 'blob:expected-access.yml'
param sigmaRules = 'sigma'
param exportEntraAudit = true
param certificateNames = 'tls-*'
param activityLogSubscriptions = '00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002'
param teamsVaultId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-teams/providers/Microsoft.KeyVault/vaults/kv-teams'
param alertsReaderId = '00000000-0000-0000-0000-000000000003'
param deployerId = '00000000-0000-0000-0000-000000000004'
param alarmEmail = 'soc@example.com'
param alarmActionGroupId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-soc/providers/Microsoft.Insights/actionGroups/soc'
param forwardUrl = 'https://soc.example.com/alerts'
param forwardFormat = 'servicenow'
param forwardKey = 'made up'
