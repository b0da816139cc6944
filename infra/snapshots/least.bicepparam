// The deployment with the least that must be given: ci.yml shows what it is. All values are made up.
using '../main.bicep'

param environmentName = 'least'
param location = 'westeurope'
